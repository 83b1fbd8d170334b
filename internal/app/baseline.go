package app

import (
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/policy"
)

// maxBaseline bounds a baseline's file, in bytes.
const maxBaseline = 64 << 20

// policyOptions reads what the command line adds to parity.yaml's policy.
func (a *App) policyOptions(req Request, s Settings, keyID string) (policy.Options, error) {
	opts := policy.Options{Kinds: a.kinds, Gate: &s.gate, KeepValues: req.WriteBaseline != "", KeyID: keyID}
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
	data, err := a.readGiven(req.Baseline, maxBaseline)
	if errors.Is(err, fs.ErrNotExist) {
		return opts, &parity.Error{
			Code: parity.CodeUsage, Where: req.Baseline, What: "the baseline cannot be read", Err: err,
			Hint: "parity check --write-baseline " + req.Baseline + " writes it",
		}
	}
	if err != nil {
		return opts, &parity.Error{Code: parity.CodeUsage, Where: req.Baseline, What: "the baseline cannot be read", Hint: parity.HintOf(err), Err: err}
	}
	opts.Baseline, err = policy.ReadBaseline(data, req.Baseline)
	return opts, err
}

// writeBaseline writes the differences that count as known. It replaces only a
// baseline, or a file that holds nothing.
func (a *App) writeBaseline(file string, j *policy.Judgement) error {
	data, err := j.Baseline()
	if err != nil {
		return err
	}
	if err := a.checkReplaced(file); err != nil {
		return err
	}
	path := a.abs(file)
	if err := atomicfile.Dir(filepath.Dir(path), file, 0o755); err != nil {
		return err
	}
	return atomicfile.Replace(path, file, data, 0o644)
}

// checkReplaced refuses to put a baseline in the place of something else.
func (a *App) checkReplaced(file string) error {
	old, err := a.readGiven(file, maxBaseline)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(old) == 0 {
		return nil
	}
	if err == nil {
		_, err = policy.ReadBaseline(old, file)
	}
	if err == nil {
		return nil
	}
	return &parity.Error{
		Code: parity.CodeUsage, Where: file, What: "what is there is not a baseline, so none is written over it",
		Hint: "name another file, or remove this one first", Err: unplaced(err),
	}
}
