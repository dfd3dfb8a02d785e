# Garner in a container: no shell, no root, and only /data is written. A
# garner.toml in the volume is read; what the environment sets wins over it.
#
#   docker build -t garner .
#   docker run -d --name garner --read-only --cap-drop ALL \
#     --security-opt no-new-privileges -p 127.0.0.1:8080:8080 -v garner:/data garner
#
# docs/compose.yaml is the same with more of it explained. Ports 80 and 443 are for
# HTTPS in Garner (docs/install/open-port.md). Docker lets any user of a container
# listen there; Podman needs --sysctl net.ipv4.ip_unprivileged_port_start=80.

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
# In the container's own network: what is published decides who reaches it.
ENV GARNER_DATA_DIR=/data GARNER_LISTEN=0.0.0.0:8080
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080 80 443
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s CMD ["/garner", "healthcheck"]
ENTRYPOINT ["/garner"]
CMD ["serve"]
