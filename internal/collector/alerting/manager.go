package alerting

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/webapi"
)

const (
	statusPath    = "/api/v2/status"
	receiversPath = "/api/v2/receivers"
	// answerBytes bounds an answer; a configuration is far smaller.
	answerBytes = 16 << 20
)

// readManager reads an Alertmanager that runs.
func readManager(ctx context.Context, in collector.Input, cfg webapi.Config, out collector.Sink) error {
	client, err := webapi.New(cfg, in.Lookup, in.Allow, in.Root)
	if err != nil {
		return err
	}
	defer client.Close()
	client.AnswerBytes = answerBytes
	r := &reader{in: in, out: out, limits: doc.Limits{Nodes: in.Limits.Nodes, Depth: in.Limits.Depth, Bytes: answerBytes}}
	var told status
	err = client.Get(ctx, statusPath, nil, func(body io.Reader) (err error) {
		told, err = readStatus(body)
		return err
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	where := client.Base() + statusPath
	if err != nil {
		r.managerGap(managerKinds(), parity.Gap{Where: where}, client.Host(), err)
		return r.receiverNames(ctx, client, err)
	}
	r.origin = &parity.Origin{File: client.Base(), Precision: parity.AtObject, Object: statusPath}
	known := false
	err = doc.ParseYAML(strings.NewReader(told.configuration), r.limits, func(root *doc.Node, _ int) error {
		known = root != nil && root.Kind == doc.Map && r.configuration(root) || known
		return nil
	})
	if err == nil && known {
		return r.manager(ctx, client, told)
	}
	kinds := settingKinds()
	if told.version == "" {
		kinds = managerKinds() // it may be no Alertmanager at all
	} else if err := r.manager(ctx, client, told); err != nil {
		return err
	}
	r.managerGap(kinds, parity.Gap{Where: where, Reason: "the configuration that " + client.Host() + " tells cannot be read", Hint: "see whether the url is that of an Alertmanager"}, client.Host(), nil)
	return r.receiverNames(ctx, client, nil)
}

// managerGap records that nothing is known of kinds of subjects.
func (r *reader) managerGap(kinds []string, g parity.Gap, host string, err error) {
	var f *webapi.Failure
	switch {
	case errors.As(err, &f):
		g.Reason, g.Hint = f.What, f.Hint
	case err != nil:
		g.Reason = host + " could not be asked"
	}
	for _, kind := range kinds {
		g.Kind = kind
		r.out.Gap(g)
	}
}

// status is what an Alertmanager tells of itself.
type status struct {
	version, cluster string
	// peers are how many there are of a cluster, this one among them.
	peers         int
	configuration string
}

// readStatus reads the status from an answer.
func readStatus(body io.Reader) (told status, err error) {
	d := json.NewDecoder(body)
	// only reads one field of an object, and over the others.
	only := func(name string, into *string) error {
		return webapi.EachField(d, func(key string) error {
			if key != name {
				return webapi.SkipValue(d)
			}
			return d.Decode(into)
		})
	}
	err = webapi.EachField(d, func(key string) error {
		switch key {
		case "config":
			return only("original", &told.configuration)
		case "versionInfo":
			return only("version", &told.version)
		case "cluster":
			return webapi.EachField(d, func(key string) error {
				switch key {
				case "status":
					return d.Decode(&told.cluster)
				case "peers":
					return webapi.EachItem(d, func() error { told.peers++; return webapi.SkipValue(d) })
				default:
					return webapi.SkipValue(d)
				}
			})
		default:
			return webapi.SkipValue(d)
		}
	})
	return told, err
}

// receiverNames asks for the names of receivers, where the configuration is not
// told: some servers let everyone read the one and not the other. before is why
// it is not told; a server that is down is not asked again.
func (r *reader) receiverNames(ctx context.Context, client *webapi.Client, before error) error {
	var f *webapi.Failure
	if errors.As(before, &f) && f.Status == 0 {
		return nil
	}
	var names []string
	err := client.Get(ctx, receiversPath, nil, func(body io.Reader) error {
		d := json.NewDecoder(body)
		return webapi.EachItem(d, func() error {
			return webapi.EachField(d, func(key string) error {
				if key != "name" {
					return webapi.SkipValue(d)
				}
				var name string
				err := d.Decode(&name)
				names = append(names, name)
				return err
			})
		})
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return nil //nolint:nilerr // there is a gap for it already
	}
	r.origin = &parity.Origin{File: client.Base(), Precision: parity.AtObject, Object: receiversPath}
	for _, name := range names {
		r.subject(parity.Key{Kind: parity.ReceiverKind, Name: name}, nil, []parity.Fact{r.fact("/name", text(name), nil)})
	}
	return nil
}
