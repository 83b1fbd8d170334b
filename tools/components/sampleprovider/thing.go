package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// thing is a resource of any kind.
type thing struct {
	kind  *kind
	cloud *cloud
}

// Metadata names the type.
func (t *thing) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = t.kind.name
}

// Schema gives the type's attributes and blocks.
func (t *thing) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	a, b := resourceSchema(t.kind.fields)
	resp.Schema = schema.Schema{Attributes: a, Blocks: b}
}

// Configure takes the cloud.
func (t *thing) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	t.cloud, _ = req.ProviderData.(*cloud)
}

// Create stores a thing under an identifier that it makes up.
func (t *thing) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State = t.store(ctx, req.Plan, &resp.Diagnostics)
}

// Update stores a thing again.
func (t *thing) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State = t.store(ctx, req.Plan, &resp.Diagnostics)
}

func (t *thing) store(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) tfsdk.State {
	state := tfsdk.State{Schema: plan.Schema, Raw: plan.Raw}
	v, err := t.cloud.fill(t.kind, plan.Raw)
	if err != nil {
		diags.AddError("the value cannot be completed", err.Error())
		return state
	}
	state.Raw = v
	if err := t.cloud.put(t.kind.name, idOf(ctx, state, diags), v); err != nil {
		diags.AddError("the cloud cannot be written", err.Error())
	}
	return state
}

func idOf(ctx context.Context, state tfsdk.State, diags *diag.Diagnostics) string {
	var id types.String
	diags.Append(state.GetAttribute(ctx, path.Root("id"), &id)...)
	return id.ValueString()
}

// Read takes what the cloud has now.
func (t *thing) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	text, err := t.cloud.get(t.kind.name, idOf(ctx, req.State, &resp.Diagnostics))
	if err != nil {
		resp.Diagnostics.AddError("the cloud cannot be read", err.Error())
		return
	}
	if text == nil {
		resp.State.RemoveResource(ctx)
		return
	}
	v, err := tftypes.ValueFromJSON(text, req.State.Raw.Type()) //nolint:staticcheck // it is what a test provider needs
	if err != nil {
		resp.Diagnostics.AddError("the cloud holds something else", err.Error())
		return
	}
	resp.State.Raw = v
}

// Delete removes a thing.
func (t *thing) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if err := t.cloud.remove(t.kind.name, idOf(ctx, req.State, &resp.Diagnostics)); err != nil {
		resp.Diagnostics.AddError("the cloud cannot be written", err.Error())
	}
}

// lookup is a data source whose values are made up from templates.
type lookup struct {
	kind  *kind
	cloud *cloud
}

// Metadata names the data source.
func (l *lookup) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = l.kind.name
}

// Schema gives its attributes.
func (l *lookup) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dschema.Schema{Attributes: dataSchema(l.kind.fields)}
}

// Configure takes the cloud.
func (l *lookup) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	l.cloud, _ = req.ProviderData.(*cloud)
}

// Read makes up what is not given.
func (l *lookup) Read(_ context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	v, err := tftypes.Transform(req.Config.Raw, func(p *tftypes.AttributePath, x tftypes.Value) (tftypes.Value, error) {
		if len(p.Steps()) == 1 && x.IsNull() {
			return tftypes.NewValue(x.Type(), tftypes.UnknownValue), nil
		}
		return x, nil
	})
	if err == nil {
		v, err = l.cloud.fill(l.kind, v)
	}
	if err != nil {
		resp.Diagnostics.AddError("the data source cannot be read", err.Error())
		return
	}
	resp.State.Raw = v
}
