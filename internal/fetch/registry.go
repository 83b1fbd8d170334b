package fetch

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/envparity/parity/internal/trust"
)

// chartMedia is the type of the layer that is a packed chart.
const chartMedia = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"

// fromRegistry gets a chart from an OCI registry. Its digest is checked as it is
// read.
func (f *Fetcher) fromRegistry(ctx context.Context, base *url.URL, c chart) ([]byte, error) {
	var options []name.Option
	if trust.Loopback(base.Hostname()) {
		options = append(options, name.Insecure)
	}
	path := strings.Trim(base.Path, "/")
	if path != "" {
		path += "/"
	}
	ref, err := name.ParseReference(base.Host+"/"+path+c.name+":"+strings.ReplaceAll(c.version, "+", "_"), options...)
	if err != nil {
		return nil, errAddress
	}
	what := "nothing is fetched from " + base.Host
	image, err := remote.Image(ref, remote.WithContext(ctx), remote.WithTransport(f.through(base)))
	if err != nil {
		return nil, failed(ctx, what, err)
	}
	layers, err := image.Layers()
	if err != nil {
		return nil, failed(ctx, what, err)
	}
	for _, l := range layers {
		if media, err := l.MediaType(); err != nil || string(media) != chartMedia {
			continue
		}
		r, err := l.Compressed()
		if err != nil {
			return nil, failed(ctx, what, err)
		}
		defer r.Close()
		data, err := io.ReadAll(io.LimitReader(r, maxChart+1))
		if err != nil {
			return nil, failed(ctx, what, err)
		}
		if len(data) > maxChart {
			return nil, errTooLarge
		}
		return data, nil
	}
	return nil, errors.New("what the registry has under the name is no chart")
}
