# The page, on the CPU: docker build -t pose3d . && docker run -p 7860:7860 pose3d
FROM python:3.11-slim

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

# Packages change less often than the code; PyTorch comes from its index for the CPU, which saves gigabytes of CUDA
COPY requirements.txt .
RUN torch=$(grep '^torch' requirements.txt) \
    && pip install "$torch" --index-url https://download.pytorch.org/whl/cpu \
    && pip install -r requirements.txt

COPY app.py README.md LICENSE ./
COPY configs configs
COPY assets assets
COPY pose3d pose3d

# The only places that are written to; HOME for what libraries keep
RUN useradd --system --uid 10001 --home-dir /data pose3d && mkdir /data && chown pose3d /data
USER pose3d
VOLUME /data
ENV HOME=/data GRADIO_TEMP_DIR=/data/gradio GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 \
    GRADIO_ANALYTICS_ENABLED=False
EXPOSE 7860

HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health', timeout=8)"]
ENTRYPOINT ["python", "app.py"]
