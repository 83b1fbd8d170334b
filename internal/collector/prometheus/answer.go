package prometheus

import (
	"encoding/json"

	"github.com/envparity/parity/internal/webapi"
)

// readStrings reads the texts of one array, at most so many. more tells that
// there were others.
func readStrings(d *json.Decoder, most int) (list []string, more bool, err error) {
	err = webapi.EachItem(d, func() error {
		if len(list) >= most {
			more = true
			return webapi.SkipValue(d)
		}
		var s string
		err := d.Decode(&s)
		list = append(list, s)
		return err
	})
	return list, more, err
}
