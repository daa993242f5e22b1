using System.Diagnostics.Metrics;
using Blackwall.Composition;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Metric = Blackwall.Composition.Metric;
using MetricType = Blackwall.Composition.MetricType;

namespace Blackwall.Metrics;

/// <summary>
/// Makes an instrument of every metric that the features declare, and shows them all in the Prometheus text format. What is counted is counted where
/// it happens, at no cost here; it is read when somebody asks.
/// </summary>
internal sealed class MetricsPage : IHostedService, IDisposable
{
    private readonly IServiceProvider _services;
    private readonly MeterProvider _provider;
    private readonly RequestDelegate _show;
    private volatile MetricScrape _scrape;

    public MetricsPage(IServiceProvider services, Meter meter, MetricList metrics)
    {
        _services = services;
        _scrape = new MetricScrape(services);
        foreach (Metric metric in metrics.All)
        {
            _ = metric.Type switch
            {
                MetricType.Counter => meter.CreateObservableCounter(metric.Name, () => metric.Read(_scrape), metric.Unit, metric.Help),
                MetricType.Gauge => meter.CreateObservableGauge(metric.Name, () => metric.Read(_scrape), metric.Unit, metric.Help),
                _ => (Instrument)metric.On(meter),
            };
        }

        // Meters are known by name in the whole process; another appliance in it (a test) has its own.
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(meter.Name, "Microsoft.AspNetCore.Hosting")
            .AddView(instrument => ReferenceEquals(instrument.Meter.Scope, meter.Scope) ? null : MetricStreamConfiguration.Drop)
            .AddPrometheusExporter(options => (options.ScopeInfoEnabled, options.TargetInfoEnabled, options.ScrapeResponseCacheDurationMilliseconds) = (false, false, 0))
            .Build();
        ApplicationBuilder page = new(services);
        page.UseOpenTelemetryPrometheusScrapingEndpoint(_provider, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        _show = page.Build();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Answers a request with everything as it is now.</summary>
    public Task ShowAsync(HttpContext context)
    {
        _scrape = new MetricScrape(_services);
        return _show(context);
    }

    public void Dispose() => _provider.Dispose();
}
