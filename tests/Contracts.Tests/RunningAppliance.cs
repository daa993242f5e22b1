using System.Net.Http.Headers;
using Blackwall.Api;
using Blackwall.Api.Keys;
using Blackwall.Api.Licenses;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace Blackwall.Tests.Contracts;

/// <summary>The appliance on a state folder of its own, without a wall, and with a tap that nothing comes from.</summary>
internal sealed class RunningAppliance : WebApplicationFactory<Program>
{
    private int _keys;

    public FailureLog Failures { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("blackwall-contract-").FullName;

    /// <summary>The document as a client reads it: written and read again, so that its references lead somewhere.</summary>
    public async Task<OpenApiDocument> DocumentAsync()
    {
        OpenApiDocument made = await Services.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(ApiRegistration.Document);
        return OpenApiDocument.Parse(await made.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1), "json").Document!;
    }

    /// <summary>The secret of a new key.</summary>
    public string NewKey(Blackwall.Api.Keys.Scope? scope = null) => Services.GetRequiredService<KeyRing>()
        .CreateAsync($"test-{Interlocked.Increment(ref _keys)}", new ScopeSet([scope ?? Blackwall.Api.Keys.Scope.Admin]), [], null).GetAwaiter().GetResult().Secret!;

    /// <summary>A client in this process, with a new admin key.</summary>
    public HttpClient Operator()
    {
        HttpClient client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", NewKey());
        return client;
    }

    /// <summary>Listens on a free port of loopback; returns where.</summary>
    public Uri Listen()
    {
        UseKestrel();
        StartServer();
        return new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .ConfigureLogging(logging => logging.ClearProviders().AddProvider(Failures))
        .ConfigureTestServices(services => services.AddSingleton<IPacketTap, WillingTap>().AddSingleton<ILicense>(new FullLicense()));

    protected override IHost CreateHost(IHostBuilder builder)
    {
        string config = Path.Combine(Folder, "blackwall.toml");
        File.WriteAllText(config, "[kernel.tarpit]\naddress4 = \"198.18.0.1\"\nport4 = 2222\n[network]\nmode = \"off\"\n[api]\nlisten = \"http://127.0.0.1:0\"\nmax_keys = 10000\nmax_failures = 1000\n");
        builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(new Dictionary<string, string?> { ["config"] = config, ["state"] = Folder }));
        return base.CreateHost(builder);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private sealed class WillingTap : IPacketTap
    {
        public bool Available => true;

        public string? Fault => null;

        public long Lost => 0;

        public void Open(IPacketReceiver taker, int ringMegabytes)
        {
            // Nothing ever comes.
        }

        public void Protect(GuardSet guard, IReadOnlyList<ushort> ownPorts)
        {
            // As above.
        }

        public bool TryWatch(Prefix scope, TapTerms terms) => true;

        public void Unwatch(Prefix scope)
        {
            // As above.
        }
    }
}
