package app

import (
	"os"
	"path/filepath"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/policy"
)

// maxBaseline bounds a baseline's file, in bytes.
const maxBaseline = 64 << 20

// policyOptions reads what the command line adds to parity.yaml's policy.
func (a *App) policyOptions(req Request) (policy.Options, error) {
	opts := policy.Options{FailOn: req.FailOn}
	if req.Baseline == "" {
		return opts, nil
	}
	if a.untrusted() {
		data, err := a.baseFile(req.Baseline, maxBaseline)
		if err != nil {
			return opts, &parity.Error{Code: parity.CodeUsage, Where: req.Baseline, What: "the baseline cannot be read at " + a.Base, Hint: parity.HintOf(err), Err: err}
		}
		opts.Baseline, err = policy.ReadBaseline(data, req.Baseline)
		return opts, err
	}
	path := a.abs(req.Baseline)
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxBaseline {
		return opts, &parity.Error{Code: parity.CodeConfig, Where: req.Baseline, What: "is too large for a baseline"}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return opts, &parity.Error{
			Code: parity.CodeUsage, Where: req.Baseline, What: "the baseline cannot be read", Err: err,
			Hint: "parity check --write-baseline " + req.Baseline + " writes it",
		}
	}
	opts.Baseline, err = policy.ReadBaseline(data, req.Baseline)
	return opts, err
}

// writeBaseline writes the differences that count as known.
func (a *App) writeBaseline(file string, ds []parity.Difference) error {
	data, err := policy.WriteBaseline(ds)
	if err != nil {
		return err
	}
	path := a.abs(file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return &parity.Error{Code: parity.CodeUsage, Where: file, What: "cannot write", Err: err}
	}
	return replaceFile(path, data)
}
