package webapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"sync"
)

// silences is how many questions in a row may have no answer before the server
// is taken to be down. One may be the question's fault.
const silences = 2

// Queries asks a server that answers every question in the envelope of
// Prometheus' HTTP API: status, data and warnings. It is safe for concurrent
// use.
type Queries struct {
	Client *Client

	mu sync.Mutex // guards what follows
	// silent counts the questions in a row that had no answer at all. When there
	// are too many, down ends all questions after them.
	silent int
	down   *Failure
}

// Get asks, and hands the decoder to data where the answer's data come next.
// data reads all of them. partial tells that the server says of its own answer
// that it is not the whole one.
func (q *Queries) Get(ctx context.Context, path string, query url.Values, data func(*json.Decoder) error) (partial bool, err error) {
	return q.ask(ctx, q.Client.Get, path, query, data)
}

// Post is Get for questions too long for an address.
func (q *Queries) Post(ctx context.Context, path string, form url.Values, data func(*json.Decoder) error) (partial bool, err error) {
	return q.ask(ctx, q.Client.Post, path, form, data)
}

// Down reports whether the server is taken to be down, so that there is no use in
// asking on.
func (q *Queries) Down() bool { return q.failure() != nil }

func (q *Queries) failure() *Failure {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.down
}

type question func(ctx context.Context, path string, query url.Values, read func(io.Reader) error) error

func (q *Queries) ask(ctx context.Context, ask question, path string, query url.Values, data func(*json.Decoder) error) (partial bool, err error) {
	if down := q.failure(); down != nil {
		return false, down
	}
	err = ask(ctx, path, query, func(r io.Reader) (err error) {
		partial, err = ReadEnvelope(r, data)
		return err
	})
	q.note(ctx, err)
	return partial, err
}

// note counts what became of a question.
func (q *Queries) note(ctx context.Context, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var f *Failure
	switch {
	case ctx.Err() != nil, !errors.As(err, &f), f.Status != 0:
		q.silent = 0
	default:
		if q.silent++; q.silent >= silences {
			q.down = f
		}
	}
}

// ReadEnvelope reads what every question is answered in. data reads the value
// of its key "data" and nothing more. partial tells that there are warnings.
func ReadEnvelope(r io.Reader, data func(*json.Decoder) error) (partial bool, err error) {
	d := json.NewDecoder(r)
	success := false
	err = EachField(d, func(key string) error {
		switch key {
		case "status":
			var status string
			err := d.Decode(&status)
			success = status == "success"
			return err
		case "data":
			return data(d)
		case "warnings":
			return EachItem(d, func() error { partial = true; return SkipValue(d) })
		default:
			return SkipValue(d)
		}
	})
	if err == nil && !success {
		err = ErrForm
	}
	if err != nil {
		return false, err
	}
	// What is left is drained, so that the connection can be used again.
	_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<16))
	return partial, err
}
