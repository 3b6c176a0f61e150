# SPDX-License-Identifier: Apache-2.0
"""Which file is what, by its content: from a path or a table to the typed table that metrics read."""
