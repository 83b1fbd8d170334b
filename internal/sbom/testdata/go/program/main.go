// Command api is a program with a few modules in it.
package main

import (
	"fmt"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

func main() {
	var x map[string]any
	fmt.Println(cmp.Equal(toml.Unmarshal(nil, &x), yaml.Unmarshal(nil, &x)))
}
