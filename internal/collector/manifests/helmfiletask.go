package manifests

import (
	"encoding/json"
	"errors"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/helmfile"
	"github.com/envparity/parity/internal/render"
)

// helmfileTask is the task that reads a helmfile. Its templates may not end, or
// take what memory they like.
const helmfileTask = "helmfile"

// helmfileJob is what reading a helmfile is given.
type helmfileJob struct {
	Path, Environment string
	Values            map[string]any
	Variables         map[string]string
	Limits            doc.Limits
}

// helmfileDone is what a helmfile says.
type helmfileDone struct {
	State *helmfile.State
	// Fault is why nothing of it can be read.
	Fault         string
	NoEnvironment bool
}

// readHelmfile does one job of helmfileTask.
func readHelmfile(request []byte, ask func([]byte) ([]byte, error)) ([]byte, error) {
	var job helmfileJob
	if err := json.Unmarshal(request, &job); err != nil {
		return nil, errUnreadable
	}
	state, err := helmfile.Read(helmfile.Options{
		FS: &askedFS{known: newAnswers(), ask: ask}, Path: job.Path, Environment: job.Environment, Values: job.Values, Variables: job.Variables, Limits: job.Limits,
	})
	done := helmfileDone{State: state}
	if err != nil {
		done.Fault, done.NoEnvironment = err.Error(), helmfile.NoEnvironment(err)
	}
	return json.Marshal(done)
}

// answered answers what a task asks of the files of the place.
func (s *session) answered(question []byte) ([]byte, error) {
	if len(question) == 0 {
		return nil, errUnreadable
	}
	a, err := answerFrom(s.place.FS, s.in.Limits.FileBytes, string(question))
	if err != nil {
		return nil, err
	}
	var e render.Encoder
	a.encode(&e)
	return e.Data(), nil
}

func decodeHelmfile(data []byte) (*helmfileDone, error) {
	var done helmfileDone
	if err := json.Unmarshal(data, &done); err != nil {
		return nil, err
	}
	if done.Fault == "" && done.State == nil {
		return nil, errors.New("nothing was read")
	}
	return &done, nil
}
