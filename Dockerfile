# What `mvn package -DskipTests` has built, with a Java of just the modules it uses: docker build -t backstep .
# docs/operations.md says how to run it. container/check runs the steps of this file without an engine.

FROM eclipse-temurin:25-jdk AS java
RUN jlink --strip-debug --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.desktop,java.instrument,java.naming,java.security.jgss,java.sql,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.unsupported \
    --output /java

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Backstep" \
      org.opencontainers.image.description="A playground for automatic differentiation, and runs on the server" \
      org.opencontainers.image.licenses="Apache-2.0"

# java.desktop, which draws the pictures of links, looks for fonts through these; they draw no text, but it loads them.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libfreetype6 libfontconfig1 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --no-create-home backstep \
    && install -d -o backstep -g backstep /data

COPY --from=java /java /opt/java
COPY server/target/lib /opt/backstep/lib
COPY server/target/backstep-server.jar /opt/backstep/backstep-server.jar
COPY container/healthy /opt/backstep/healthy

USER backstep
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENV PORT=8080 BACKSTEP_DATA=/data PATH=/opt/java/bin:/usr/local/bin:/usr/bin:/bin
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["/opt/backstep/healthy"]
# A share of the container's memory, in place of a quarter of it.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "/opt/backstep/backstep-server.jar"]
