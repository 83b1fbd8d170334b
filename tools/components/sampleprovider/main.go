// Command sampleprovider is a provider for Terraform and OpenTofu that has no
// cloud: it stores what it is given in a file, and makes up the identifiers
// that a cloud would hand out. Its resource types have the names and attributes
// of the public documentation of aws, google and azurerm, as far as schema.txt
// lists them, so that state and plan files made with it look as real ones do.
//
// It is installed under the addresses of the real providers in a filesystem
// mirror; see internal/collector/terraform/testdata/make.sh.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func main() {
	address := flag.String("address", "registry.opentofu.org/hashicorp/aws", "the address that the provider is served under")
	flag.Parse()
	kinds, err := parseKinds(schemaText)
	if err != nil {
		log.Fatal(err)
	}
	err = providerserver.Serve(context.Background(), func() provider.Provider { return &sample{kinds: kinds} },
		providerserver.ServeOpts{Address: *address, ProtocolVersion: 6})
	if err != nil {
		log.Fatal(err)
	}
}

// sample is the provider.
type sample struct{ kinds []*kind }

// settings are the provider's own configuration.
type settings struct {
	Cloud   types.String `tfsdk:"cloud"`
	Account types.String `tfsdk:"account"`
	Region  types.String `tfsdk:"region"`
	Token   types.String `tfsdk:"token"`
}

// Metadata names the provider. Its types have whole names of their own.
func (*sample) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "sample"
}

// Schema gives the provider's configuration.
func (*sample) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"cloud":   schema.StringAttribute{Required: true, Description: "The file that stands for the cloud."},
		"account": schema.StringAttribute{Optional: true, Description: "The account number or project."},
		"region":  schema.StringAttribute{Optional: true},
		"token":   schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

// Configure opens the cloud.
func (*sample) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var s settings
	if resp.Diagnostics.Append(req.Config.Get(ctx, &s)...); resp.Diagnostics.HasError() {
		return
	}
	c := &cloud{file: s.Cloud.ValueString(), account: s.Account.ValueString(), region: s.Region.ValueString()}
	resp.ResourceData, resp.DataSourceData = c, c
}

// Resources lists the resource types.
func (p *sample) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, k := range p.kinds {
		if !k.data {
			all = append(all, func() resource.Resource { return &thing{kind: k} })
		}
	}
	return all
}

// DataSources lists the data sources.
func (p *sample) DataSources(context.Context) []func() datasource.DataSource {
	all := []func() datasource.DataSource{func() datasource.DataSource { return &policyDocument{} }}
	for _, k := range p.kinds {
		if k.data {
			all = append(all, func() datasource.DataSource { return &lookup{kind: k} })
		}
	}
	return all
}
