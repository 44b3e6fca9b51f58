"""Generator of the fictional training case 'Operation Grey Heron' (dataset ``harbour``)."""
