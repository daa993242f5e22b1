using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Api.Licenses;
using Blackwall.Guard;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blackwall.Tests.Api;

/// <summary>The whole appliance on a state folder of its own, with a wall that only says that it enforces.</summary>
internal sealed class ApplianceFactory(string toml = "", bool tarpit = false, ILicense? license = null) : WebApplicationFactory<Program>
{
    /// <summary>Test requests say with this header where they come from.</summary>
    public const string RemoteHeader = "X-Test-Remote";

    private const string Tarpit = "[kernel.tarpit]\naddress4 = \"198.18.0.1\"\nport4 = 2222\naddress6 = \"2001:db8:ffff::1\"\nport6 = 2222\n";

    /// <summary>Where its state lies; that of an appliance before, for a restart.</summary>
    public string Folder { get; init; } = Directory.CreateTempSubdirectory("blackwall-api-").FullName;

    /// <summary>The folder outlives this appliance.</summary>
    public bool IsRestarted { get; init; }

    public WallStub Wall { get; } = new();

    /// <summary>What detection knows; null: it does not run.</summary>
    public ISourceInsight? Insight { get; init; }

    public VerdictBoard Board => Services.GetRequiredService<VerdictBoard>();

    public string Key => File.ReadAllText(Path.Combine(Folder, "admin.key")).Trim();

    /// <summary>A client with the admin key.</summary>
    public HttpClient Operator(string? remote = null)
    {
        // The server writes the key when it starts.
        HttpClient client = Stranger(remote);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return client;
    }

    public HttpClient Stranger(string? remote = null, string? key = null)
    {
        HttpClient client = CreateClient();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        if (remote is not null)
        {
            client.DefaultRequestHeaders.Add(RemoteHeader, remote);
        }

        return client;
    }

    public static async Task<JsonNode> JsonOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonNode>())!;

    protected override IHost CreateHost(IHostBuilder builder)
    {
        string config = Path.Combine(Folder, "blackwall.toml");
        File.WriteAllText(config, (tarpit ? Tarpit : "") + "[network]\nmode = \"off\"\n" + toml);
        builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(new Dictionary<string, string?> { ["config"] = config, ["state"] = Path.Combine(Folder) }));
        return base.CreateHost(builder);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder.ConfigureLogging(logging => logging.ClearProviders()).ConfigureTestServices(services =>
    {
        services.AddSingleton(license ?? new FullLicense());
        services.AddSingleton<IWall>(Wall);
        services.AddSingleton<IOwnAddresses>(Wall);
        services.AddSingleton<INextHops>(Wall);
        services.AddSingleton<IStartupFilter, RemoteAddress>();
        if (Insight is not null)
        {
            services.AddSingleton(Insight);
        }

        services.Configure<GuardOptions>(o => (o.ProcFolder, o.EtcFolder, o.ResolverFiles, o.UtmpFile) = (Folder, Folder, [], Path.Combine(Folder, "utmp")));
    });

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !IsRestarted && Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Stands where the kernel stands.</summary>
    public sealed class WallStub : IWall, IOwnAddresses, INextHops
    {
        public WallStatus Status { get; set; } = new("eth0", EnforcementMode.Enforce, "native", "tcx", null, 1, false, null);

        public WallCounters ReadCounters() => new([new WallCounters.Row(Reason.DropLimitSyn, 3, 180, 0, 0)], [new WallCounters.Loss(LossKind.TlsEvents, 2)]);

        public Dictionary<Prefix, KernelEntry> Entries { get; } = [];

        /// <summary>Local port of a flow, and the port that it asked for at 192.0.2.10 before it was diverted.</summary>
        public Dictionary<ushort, ushort> Diverted { get; } = [];

        public bool TryReadDiverted(Address remote, ushort remotePort, Address local, ushort localPort, out Address destination, out ushort port)
        {
            destination = Address.Parse("192.0.2.10");
            return Diverted.TryGetValue(localPort, out port);
        }

        public bool TryRead(Prefix scope, out KernelEntry entry) => Entries.TryGetValue(scope, out entry);

        IReadOnlyList<Address> INextHops.Read() => [];

        public IReadOnlyList<Address> Read() => [Address.Parse("192.0.2.10")];
    }

    private sealed class RemoteAddress : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Connection.RemoteIpAddress = context.Request.Headers.TryGetValue(RemoteHeader, out var remote) ? IPAddress.Parse(remote.ToString()) : IPAddress.Loopback;
                return following(context);
            });
            next(app);
        };
    }
}
