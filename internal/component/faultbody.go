package component

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// Answer answers with a text of the test's own, such as an error in the form of
// the server that stands behind the proxy.
func Answer(code int, contentType, body string) Fault {
	return Fault{Name: "answer " + strconv.Itoa(code), instead: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}}
}

// QueryError answers as the query API of Prometheus does to what it cannot
// answer: 422 with execution, 503 with timeout or canceled, 400 with bad_data.
// With 200 it is what some that speak the same API do.
func QueryError(code int, kind, message string) Fault {
	body, _ := json.Marshal(map[string]string{"status": "error", "errorType": kind, "error": message})
	return Answer(code, "application/json", string(body))
}

// Change forwards and changes the body of the answer. It is asked for without
// compression and read whole.
func Change(name string, change func(body []byte) []byte) Fault {
	return Fault{Name: name, around: func(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
		r.Header.Del("Accept-Encoding")
		return &changing{to: w, change: change, status: http.StatusOK}
	}}
}

// Warned adds a warning to an answer in the form of Prometheus, as a server does
// that could not ask all that it stands for.
func Warned(warning string) Fault {
	return Change("warned", func(body []byte) []byte {
		answer := map[string]json.RawMessage{}
		if json.Unmarshal(body, &answer) != nil {
			return body
		}
		answer["warnings"], _ = json.Marshal([]string{warning})
		changed, _ := json.Marshal(answer)
		return changed
	})
}

// Half gives the first half of a body as if it were the whole.
func Half() Fault {
	return Change("half", func(body []byte) []byte { return body[:len(body)/2] })
}

// changing keeps an answer until it is whole.
type changing struct {
	to     http.ResponseWriter
	change func([]byte) []byte
	status int
	body   []byte
}

func (c *changing) Header() http.Header { return c.to.Header() }

func (c *changing) WriteHeader(status int) {
	if status >= http.StatusOK {
		c.status = status
	}
}

func (c *changing) Write(text []byte) (int, error) {
	c.body = append(c.body, text...)
	return len(text), nil
}

// finish sends the buffered response.
func (c *changing) finish() {
	body := c.change(c.body)
	c.Header().Set("Content-Length", strconv.Itoa(len(body)))
	c.to.WriteHeader(c.status)
	_, _ = c.to.Write(body)
}
