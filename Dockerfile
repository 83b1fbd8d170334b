# Builds the static binary and puts it into an image with nothing but
# certificates and git, which sources at a revision are read with. git reads only
# what the user owns: run it with --user "$(id -u):$(id -g)".
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH VERSION=devel
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath \
    -tags kustomize_disable_go_plugin_support \
    -ldflags "-s -w -X main.version=$VERSION" -o /parity ./cmd/parity

FROM alpine:3
RUN apk add --no-cache ca-certificates git
COPY --from=build /parity /usr/local/bin/parity
USER 65532:65532
WORKDIR /project
ENTRYPOINT ["/usr/local/bin/parity"]
CMD ["check"]
