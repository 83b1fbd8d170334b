package sampleshop

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"
)

// shipper sends what is added in batches to an address, in the background.
type shipper[T any] struct {
	to     string
	encode func([]T) any
	items  chan T
	done   chan struct{}
	client *http.Client
	// lost counts what could not be sent.
	lost atomic.Int64
}

// flushEvery is how long a batch is collected; maxBatch is how much it holds.
const (
	flushEvery = 500 * time.Millisecond
	maxBatch   = 512
)

func newShipper[T any](to string, encode func([]T) any) *shipper[T] {
	s := &shipper[T]{
		to: to, encode: encode, items: make(chan T, 4096), done: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second},
	}
	go s.run()
	return s
}

// add never waits: what does not fit is lost, and counted.
func (s *shipper[T]) add(item T) {
	select {
	case s.items <- item:
	default:
		s.lost.Add(1)
	}
}

func (s *shipper[T]) run() {
	defer close(s.done)
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	var batch []T
	for {
		select {
		case item, open := <-s.items:
			if !open {
				s.send(batch)
				return
			}
			if batch = append(batch, item); len(batch) < maxBatch {
				continue
			}
		case <-ticker.C:
		}
		s.send(batch)
		batch = nil
	}
}

func (s *shipper[T]) send(batch []T) {
	if len(batch) == 0 {
		return
	}
	text, err := json.Marshal(s.encode(batch))
	if err == nil {
		err = s.post(text)
	}
	if err != nil {
		s.lost.Add(int64(len(batch)))
	}
}

func (s *shipper[T]) post(text []byte) error {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.to, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return errRefused
	}
	return nil
}

// close sends the rest. Nothing may be added any more.
func (s *shipper[T]) close() {
	close(s.items)
	<-s.done
	s.client.CloseIdleConnections()
}
