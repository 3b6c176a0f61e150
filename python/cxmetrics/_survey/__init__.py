# SPDX-License-Identifier: Apache-2.0
"""The metrics of survey answers: a file each, with its definition and its function."""
