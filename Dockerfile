# garner listens on loopback only until it has accounts, so a published port
# leads nowhere: run it with --network host, or let the proxy or tunnel that
# carries public_url join its network (--network container:garner). A garner.toml
# in the volume is read.
#
#   docker build -t garner .
#   docker run --name garner --read-only --network host -v garner:/data garner

FROM golang:1.26.9 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=development
RUN CGO_ENABLED=0 go build -buildvcs=false -trimpath -ldflags "-s -w -X garner/cli.release=$VERSION" -o /out/garner . \
 && mkdir -p -m 0700 /skeleton/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/garner /garner
COPY --from=build --chown=65532:65532 /skeleton/ /
ENV GARNER_DATA_DIR=/data
USER 65532:65532
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/garner", "healthcheck"]
ENTRYPOINT ["/garner"]
CMD ["serve"]
