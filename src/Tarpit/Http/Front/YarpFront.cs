using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;

namespace Blackwall.Tarpit.Http.Front;

/// <summary>
/// The reverse proxy in front of the personas. YARP routes a request to a cluster and forwards it, with no server and no socket below: what it needs of
/// one, requests and answers, our own reader and writer of HTTP/1 give and take, so that nothing of Kestrel shows. Clusters are personas in this process
/// (<see cref="PersonaHandler"/>), or the operator's own decoy, which the host connects to.
/// </summary>
internal sealed class YarpFront : IHttpPersona, IDisposable
{
    internal static readonly HttpRequestOptionsKey<HttpExchange> Exchange = new("exchange");

    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    /// <param name="clusters">Personas by the name of their cluster.</param>
    /// <param name="choose">The cluster of a request.</param>
    /// <param name="decoy">Connects to the operator's own decoy; null: there is none.</param>
    public YarpFront(IReadOnlyDictionary<string, IHttpPersona> clusters, Func<HttpRequest, string> choose, DecoyConnector? decoy)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<Microsoft.Extensions.Hosting.IHostApplicationLifetime, FrontLifetime>();
        services.AddSingleton<DiagnosticSource>(_ => new DiagnosticListener("tarpit"));
        services.AddSingleton(provider => (DiagnosticListener)provider.GetRequiredService<DiagnosticSource>());
        services.AddRouting();
        services.AddReverseProxy()
            .LoadFromMemory([new RouteConfig { RouteId = "all", ClusterId = clusters.Keys.First(), Match = new RouteMatch { Path = "/{**rest}" } }], [.. ClusterNames(clusters, decoy).Select(Cluster)])
            .AddTransforms(context =>
            {
                context.UseDefaultForwarders = false;
                context.CopyRequestHeaders = true;
                context.AddOriginalHost(true);
                context.AddRequestTransform(transform =>
                {
                    transform.ProxyRequest.Options.Set(Exchange, transform.HttpContext.Features.GetRequiredFeature<HttpExchange>());
                    return default;
                });
                context.AddResponseTransform(transform =>
                {
                    if (transform.ProxyResponse is PersonaMessage message)
                    {
                        transform.HttpContext.Features.Set(message.Answer);
                        transform.SuppressResponseBody = true;
                    }

                    return default;
                });
            });
        services.AddSingleton<IForwarderHttpClientFactory>(new PersonaClientFactory(clusters, decoy));
        _services = services.BuildServiceProvider();
        ApplicationBuilder builder = new(_services);
        builder.UseRouting();
        builder.UseEndpoints(endpoints => endpoints.MapReverseProxy(proxy => proxy.Use((context, next) =>
        {
            HttpExchange exchange = context.Features.GetRequiredFeature<HttpExchange>();
            if (context.RequestServices.GetRequiredService<IProxyStateLookup>().TryGetCluster(choose(exchange.Request), out ClusterState? cluster))
            {
                context.ReassignProxyRequest(cluster);
            }

            return next(context);
        })));
        _pipeline = builder.Build();
    }

    public async ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        ForwardedRequest forwarded = new(exchange, cancellation);
        using IServiceScope scope = _services.CreateScope();
        DefaultHttpContext context = new(forwarded.Features) { RequestServices = scope.ServiceProvider };
        await _pipeline(context);
        return forwarded.Features.Get<HttpAnswer>() ?? forwarded.ToAnswer();
    }

    public void Dispose() => _services.Dispose();

    private static IEnumerable<string> ClusterNames(IReadOnlyDictionary<string, IHttpPersona> clusters, DecoyConnector? decoy) => decoy is null ? clusters.Keys : clusters.Keys.Append(DecoyConnector.Cluster);

    private static ClusterConfig Cluster(string name) => new()
    {
        ClusterId = name,
        Destinations = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal) { [name] = new DestinationConfig { Address = $"http://{name}/" } },
    };
}
