package manifests

import (
	"errors"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/render"
)

// maxStopped bounds how many renderings of one source may meet a bound: those
// after them are not tried, so that many take no longer than a few.
const maxStopped = 3

// render has something rendered apart, within bounds.
func (s *session) render(task string, request []byte, answer func([]byte) ([]byte, error)) ([]byte, error) {
	if s.stopped >= maxStopped {
		return nil, &parity.Error{
			Code: parity.CodeUnavailable, What: "it was not tried, since other renderings of this source met a bound",
			Hint: "repair or leave out what cannot be rendered within the bounds",
		}
	}
	r := s.in.Renderer
	if r == nil {
		r = s.shared.inProcess
	}
	out, err := r.Render(s.ctx, render.Job{Task: task, Request: request, Answer: answer, Limits: s.in.Limits.Render})
	if render.Exceeded(err) {
		s.stopped++
	}
	return out, err
}

// notRendered says where and why something was not rendered. Only what is said
// in words of our own is told of the cause.
func (s *session) notRendered(at, what string, err error) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	out := &parity.Error{Code: parity.CodeUnavailable, Where: s.place.Display(at), What: what, Hint: parity.HintOf(err)}
	var known *parity.Error
	if errors.As(err, &known) {
		out.What += ": " + known.What
	}
	return out
}
