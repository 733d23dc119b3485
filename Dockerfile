# The image of `inkdigit serve`: docs/how-to/run-in-a-container.md. Both images below are named by digest, so that the
# same sources give the same image; newer ones: docker buildx imagetools inspect NAME.
ARG BUILDER=docker.io/library/node:22-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c
ARG BASE=gcr.io/distroless/cc-debian12:nonroot@sha256:9dac0a79194e45a7da0158a9c6da57b217585af0786db3845d1f0ec1a0dd182f

FROM ${BUILDER} AS build
WORKDIR /build
# Without it onnxruntime-node fetches GPU libraries that inkdigit does not use.
ENV ONNXRUNTIME_NODE_INSTALL=skip
# The packages alone first: they change more rarely than the sources.
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--ignore-scripts", "--no-progress"]
COPY . .
# What has to run, without what other platforms need, and the list of all that is in it (SBOM).
RUN ["node", "scripts/setup.mjs"]
RUN ["node", "--import", "tsx", "scripts/container/app-folder.ts", "/app"]

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="inkdigit" \
      org.opencontainers.image.description="Reads handwritten digits: a web service and a command line." \
      org.opencontainers.image.source="https://github.com/inkdigit/inkdigit" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production INKDIGIT_HOST=0.0.0.0
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/usr/local/bin/node", "/app/bin/inkdigit.mjs", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node", "/app/bin/inkdigit.mjs"]
CMD ["serve"]
