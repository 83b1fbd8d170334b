package component

import (
	"bytes"
	"context"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"
)

// Series is one series with samples, oldest first.
type Series struct {
	Labels     map[string]string // __name__ too
	Samples    []Sample
	Histograms []NativeSample
}

// Sample is one value at one time.
type Sample struct {
	Time  time.Time
	Value float64
}

// NativeSample is a cumulative native histogram with one span of buckets:
// Buckets[i] is the count of bucket First+i of the schema.
type NativeSample struct {
	Time          time.Time
	Schema, First int
	Buckets       []int64
	Zero          uint64
	Sum           float64
}

// Write hands series to the server by remote write, in requests of at most
// 5,000 series.
func (p *PrometheusServer) Write(tb testing.TB, series []Series) {
	tb.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	for batch := range slices.Chunk(series, 5000) {
		var b []byte
		for i := range batch {
			b = appendMessage(b, 1, encodeSeries(&batch[i]))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL.JoinPath("/api/v1/write").String(), bytes.NewReader(snappy.Encode(nil, b)))
		if err != nil {
			tb.Fatal(err)
		}
		req.Header.Set("Content-Encoding", "snappy")
		req.Header.Set("Content-Type", "application/x-protobuf")
		req.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
		resp, err := transport.RoundTrip(req)
		if err != nil {
			tb.Fatal(err)
		}
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 1024))
		resp.Body.Close()
		cancel()
		if resp.StatusCode/100 != 2 {
			tb.Fatalf("remote write answers %s: %s", resp.Status, text)
		}
	}
}

// encodeSeries gives prometheus.TimeSeries of remote write 1.0.
func encodeSeries(s *Series) []byte {
	var b []byte
	for _, name := range slices.Sorted(maps.Keys(s.Labels)) {
		label := protowire.AppendTag(nil, 1, protowire.BytesType)
		label = protowire.AppendString(label, name)
		label = protowire.AppendTag(label, 2, protowire.BytesType)
		label = protowire.AppendString(label, s.Labels[name])
		b = appendMessage(b, 1, label)
	}
	for _, x := range s.Samples {
		sample := protowire.AppendTag(nil, 1, protowire.Fixed64Type)
		sample = protowire.AppendFixed64(sample, math.Float64bits(x.Value))
		sample = protowire.AppendTag(sample, 2, protowire.VarintType)
		sample = protowire.AppendVarint(sample, uint64(x.Time.UnixMilli()))
		b = appendMessage(b, 2, sample)
	}
	for i := range s.Histograms {
		b = appendMessage(b, 4, encodeHistogram(&s.Histograms[i]))
	}
	return b
}

// encodeHistogram gives prometheus.Histogram of remote write 1.0.
func encodeHistogram(h *NativeSample) []byte {
	count := h.Zero
	var deltas []byte
	previous := int64(0)
	for _, n := range h.Buckets {
		count += uint64(n)
		deltas = protowire.AppendVarint(deltas, protowire.EncodeZigZag(n-previous))
		previous = n
	}
	b := protowire.AppendTag(nil, 1, protowire.VarintType) // count_int
	b = protowire.AppendVarint(b, count)
	b = protowire.AppendTag(b, 3, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(h.Sum))
	b = protowire.AppendTag(b, 4, protowire.VarintType)
	b = protowire.AppendVarint(b, protowire.EncodeZigZag(int64(h.Schema)))
	b = protowire.AppendTag(b, 5, protowire.Fixed64Type)
	b = protowire.AppendFixed64(b, math.Float64bits(math.Ldexp(1, -128)))
	b = protowire.AppendTag(b, 6, protowire.VarintType) // zero_count_int
	b = protowire.AppendVarint(b, h.Zero)
	span := protowire.AppendTag(nil, 1, protowire.VarintType)
	span = protowire.AppendVarint(span, protowire.EncodeZigZag(int64(h.First)))
	span = protowire.AppendTag(span, 2, protowire.VarintType)
	span = protowire.AppendVarint(span, uint64(len(h.Buckets)))
	b = appendMessage(b, 11, span)
	b = appendMessage(b, 12, deltas)
	b = protowire.AppendTag(b, 15, protowire.VarintType)
	return protowire.AppendVarint(b, uint64(h.Time.UnixMilli()))
}

func appendMessage(b []byte, number protowire.Number, message []byte) []byte {
	b = protowire.AppendTag(b, number, protowire.BytesType)
	return protowire.AppendBytes(b, message)
}
