"""Link charts of a case: what is drawn, what the chart asks, edits, annotations, events on the timeline."""
