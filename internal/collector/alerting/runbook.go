package alerting

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/trust"
)

// The bounds of asking for runbooks.
const (
	maxRunbooks     = 200
	runbookPatience = 10 * time.Second
	allRunbooks     = 2 * time.Minute
	runbookAskers   = 4
	maxRedirects    = 5
)

// runbookState is what is known of an address. The zero value is one that is
// there.
type runbookState struct {
	// dead is what the fact says of one that is not there.
	dead string
	// unknown is why nothing is known.
	unknown string
}

// checkRunbooks asks once for each address. Those that are no addresses, such
// as templates, are left out, and those of the user's own network are not asked
// unless the user has bound them.
func checkRunbooks(ctx context.Context, addresses []string, allow trust.Allowed) (map[string]runbookState, error) {
	slices.Sort(addresses)
	addresses = slices.DeleteFunc(slices.Compact(addresses), func(a string) bool { return !askable(a) })
	transport := newOutward(allow)
	defer transport.close()
	client := &http.Client{Transport: transport, Timeout: runbookPatience, CheckRedirect: followRunbook}
	within, cancel := context.WithTimeout(ctx, allRunbooks)
	defer cancel()
	states := make([]runbookState, len(addresses))
	err := parallel.ForEach(ctx, runbookAskers, addresses, func(_ context.Context, i int, address string) error {
		if i >= maxRunbooks {
			states[i].unknown = fmt.Sprintf("the runbook was not asked for: there are more than %d", maxRunbooks)
			return nil
		}
		states[i] = askRunbook(within, client, address)
		return nil
	})
	if err != nil {
		return nil, err
	}
	found := map[string]runbookState{}
	for i, address := range addresses {
		found[address] = states[i]
	}
	return found, nil
}

// followRunbook follows a redirect. Whoever writes a rule may name an address
// within one's own network; a stranger's page may not lead there.
func followRunbook(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errTooFar
	}
	next.Header.Del("Referer") // it may name what is within
	if next.URL.Scheme != "http" && next.URL.Scheme != "https" {
		return errInward
	}
	if next.URL.Host == via[0].URL.Host || !inward(next) || inward(via[0]) {
		return nil
	}
	return errInward
}

var (
	errTooFar = errors.New("it redirects again and again")
	errInward = errors.New("it redirects to an address that is not followed")
)

// inward reports whether a request is for an address that only one's own network
// has. A name that is not known here, or known to a proxy alone, is not.
func inward(request *http.Request) bool {
	addresses, err := net.DefaultResolver.LookupNetIP(request.Context(), "ip", request.URL.Hostname())
	return err == nil && slices.ContainsFunc(addresses, isOwn)
}

// askable reports whether a text is an address that can be asked for as it is.
func askable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && !strings.Contains(address, "{{")
}

// askRunbook asks for an address with HEAD, and with GET where the server does
// not know that.
func askRunbook(ctx context.Context, client *http.Client, address string) runbookState {
	status := 0
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		request, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
		if err != nil {
			return runbookState{unknown: "the runbook's address is not valid"}
		}
		request.URL.User = nil
		request.Header.Set("User-Agent", "parity")
		answer, err := client.Do(request)
		switch {
		case errors.Is(err, errOwn):
			return runbookState{unknown: "the runbook's server " + request.URL.Host + " is an address of one's own network, and is asked only if it is allowed: parity allow " + trust.Runbooks + " " + hostOf(request.URL)}
		case errors.Is(err, errTooFar), errors.Is(err, errInward):
			return runbookState{unknown: "the runbook's server " + request.URL.Host + " does not give it: " + errors.Unwrap(err).Error()}
		case err != nil:
			return runbookState{unknown: "the runbook's server " + request.URL.Host + " does not answer"}
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4<<10)) // so that the connection can be used again
		answer.Body.Close()
		status = answer.StatusCode
		if status != http.StatusMethodNotAllowed && status != http.StatusNotImplemented && status != http.StatusNotFound && status != http.StatusForbidden {
			break
		}
	}
	switch {
	case status == http.StatusNotFound, status == http.StatusGone:
		return runbookState{dead: fmt.Sprintf("dead: %d", status)}
	case status < http.StatusBadRequest, status == http.StatusUnauthorized, status == http.StatusForbidden:
		return runbookState{} // it is there, if not for everyone
	default:
		return runbookState{unknown: fmt.Sprintf("the runbook's server answers with status %d", status)}
	}
}
