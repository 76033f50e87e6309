"""What an indicator or a decomposition gives: a tidy table with its units, method and evidence."""

from boeki.answer.answer import Answer, answer
from boeki.answer.chart import Chart
from boeki.answer.column import Column
from boeki.answer.method import Method

__all__ = ["Answer", "Chart", "Column", "Method", "answer"]
