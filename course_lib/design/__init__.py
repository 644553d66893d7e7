"""Calculators for the design of a network: sizes, parameters, multiply-accumulates."""

from course_lib.design.conv import conv_macs, conv_output_size, conv_params

__all__ = ["conv_macs", "conv_output_size", "conv_params"]
