package component

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answerBytes bounds what is kept of an answer.
const answerBytes = 1 << 20

// ask makes one request and returns the beginning of the response. A status other
// than 2xx is an error that quotes the response. No connection outlives the request.
func ask(method string, at *url.URL, header http.Header, body []byte) (string, http.Header, error) {
	return askWithin(time.Minute, method, at, header, body)
}

// probe asks whether a server is there, which it must tell soon.
func probe(at *url.URL) (http.Header, error) {
	_, header, err := askWithin(5*time.Second, http.MethodGet, at, nil, nil)
	return header, err
}

func askWithin(patience time.Duration, method string, at *url.URL, header http.Header, body []byte) (string, http.Header, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, at.String(), bytes.NewReader(body))
	if err != nil {
		return "", nil, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, answerBytes))
	if err != nil {
		return "", nil, err
	}
	if resp.StatusCode/100 != 2 {
		return "", nil, fmt.Errorf("%s %s answers %s: %s", method, at, resp.Status, strings.TrimSpace(string(text)))
	}
	return string(text), resp.Header, nil
}

// postJSON posts a document to a server.
func postJSON(at *url.URL, body []byte) error {
	_, _, err := ask(http.MethodPost, at, http.Header{"Content-Type": {"application/json"}}, body)
	return err
}

// plain is the address of a server that speaks HTTP on a port of loopback.
func plain(port string) *url.URL {
	return &url.URL{Scheme: "http", Host: loopback + ":" + port}
}
