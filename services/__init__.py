"""The four services of Satu Peta Data, and the engineering they share."""
