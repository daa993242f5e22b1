using Blackwall.Api.Problems;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Blackwall.Api.Connections;

/// <summary>Listening addresses and time-outs of the HTTP server.</summary>
internal sealed class KestrelSettings(IOptions<ApiOptions> options, ConnectionGate gate, LocalSocket door) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;
        kestrel.Limits.MaxConcurrentConnections = 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Listen(options.Value.ListenAddress, options.Value.Listen.Port, endpoint =>
        {
            endpoint.Use(next => connection => gate.RunAsync(connection, next));
            if (options.Value.LoadCertificate() is { } certificate)
            {
                endpoint.UseHttps(certificate);
            }
        });
        foreach ((string path, bool group) in door.Prepare())
        {
            kestrel.ListenUnixSocket(path, endpoint => endpoint.Use(next => connection => LocalSocket.RunAsync(connection, next, group)));
        }
    }
}
