"""Classification of job posts: skills asked for, category, AI; deterministic and without a network."""

from streams.classify.classified import Classified, Hit
from streams.classify.classifier import Classifier, load_classifier

__all__ = ["Classified", "Classifier", "Hit", "load_classifier"]
