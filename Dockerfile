# Blackwall as a container. It guards an interface of the host, so it runs in the host's network namespace (deploy/compose.yaml).
#
# Both base images are arguments: any Debian 12, Debian 13 or Ubuntu 24.04 will do for the second one, and for the first one any of them with the
# .NET 10 SDK.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${SDK_IMAGE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bash clang llvm libbpf-dev linux-libc-dev gcc libc6-dev zlib1g-dev iproute2 python3 xz-utils dpkg git \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# What the image says about its source; the time makes the build repeatable.
ARG COMMIT=unknown
ARG SOURCE_DATE_EPOCH=0
RUN SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} deploy/package/build.sh /dist "${COMMIT}" \
    && mkdir /tree && tar -xJf /dist/blackwall-*-linux-x64.tar.xz -C /tree --strip-components=1

FROM ${BASE_IMAGE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libbpf1 libssl3 libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /tree/usr/lib/blackwall /usr/lib/blackwall
COPY --from=build /tree/etc/blackwall /etc/blackwall
COPY --from=build /tree/usr/share/doc/blackwall/copyright /usr/share/doc/blackwall/copyright
RUN ln -s ../lib/blackwall/blackwall /usr/bin/blackwall
VOLUME /var/lib/blackwall
# The verb reads the answer of the control plane; it is healthy when the walls are attached and nothing keeps it from its work.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/usr/bin/blackwall", "status", "--quiet"]
# SIGTERM takes the wall down. To put a new version in place: docker exec NAME blackwall handover.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/lib/blackwall/blackwall-appliance"]
CMD ["run"]
