package component_test

import (
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// logs asks for lines and gives them by their text, with the labels of each.
func logs(t *testing.T, l *component.LokiServer, query string, from, to time.Time) map[string]map[string]string {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][2]string
			}
		}
	}
	values := url.Values{
		"query": {query}, "limit": {"5000"},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano(), 10)},
	}
	unmarshal(t, fetch(t, l.URL.JoinPath("/loki/api/v1/query_range").String()+"?"+values.Encode()), &answer)
	lines := map[string]map[string]string{}
	for _, r := range answer.Data.Result {
		for _, v := range r.Values {
			lines[v[1]] = r.Stream
		}
	}
	return lines
}

// TestLoki holds that the server has the lines that are pushed, also those of
// days ago, that it parses them, and that it ends.
func TestLoki(t *testing.T) {
	ended := endsWithTest(t)
	l := component.Loki(t)
	ended(l.URL)
	now := time.Now()
	days := 10 * 24 * time.Hour
	shop := component.LogStream{Labels: map[string]string{"service_name": "shop", "env": "test"}}
	for i := range 3000 {
		shop.Lines = append(shop.Lines, component.LogLine{
			Time: now.Add(-time.Hour + time.Duration(i)*time.Millisecond),
			Text: fmt.Sprintf(`{"level":"warn","msg":"%0800d"}`, i),
		})
	}
	old := component.LogStream{Labels: map[string]string{"service_name": "payment", "env": "test"}, Lines: []component.LogLine{
		{Time: now.Add(-days), Text: "charged", Metadata: map[string]string{"trace_id": "0af7"}},
		{Time: now.Add(-days - time.Hour), Text: "earlier"},
	}}
	l.Push(t, shop, old)

	if got := logs(t, l, `{service_name="shop"} | json | level="warn"`, now.Add(-2*time.Hour), now); len(got) != 3000 {
		t.Errorf("there are %d lines of the last hours, want 3000", len(got))
	}
	got := logs(t, l, `{env="test"}`, now.Add(-days-2*time.Hour), now.Add(-days+time.Hour))
	if len(got) != 2 || got["charged"]["service_name"] != "payment" || got["charged"]["trace_id"] != "0af7" {
		t.Errorf("the lines of days ago are %v", got)
	}
	var series struct{ Data []map[string]string }
	unmarshal(t, fetch(t, l.URL.JoinPath("/loki/api/v1/series").String()+"?"+url.Values{
		"match[]": {`{env="test"}`}, "start": {strconv.FormatInt(now.Add(-2*time.Hour).UnixNano(), 10)},
	}.Encode()), &series)
	if len(series.Data) != 1 || series.Data[0]["service_name"] != "shop" {
		t.Errorf("the streams of the last hours are %v", series.Data)
	}
}
