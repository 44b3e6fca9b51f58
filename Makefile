# Every target is one call of tools/bootstrap.py, which needs only Python's standard library.
PYTHON ?= python3

.PHONY: demo test validate spark lab setup lock check widgets bundle clean

demo test validate spark lab setup lock check widgets clean:
	@$(PYTHON) tools/bootstrap.py $@

# make bundle DIR=/media/stick/caseledger
bundle:
	@$(PYTHON) tools/bootstrap.py bundle "$(DIR)"
