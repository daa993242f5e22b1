using Blackwall.Lab.Servers;
using Blackwall.Tests.Api;

namespace Blackwall.Tests.Feeds;

/// <summary>One appliance and one server of feeds for all tests of a class: each has feeds and addresses of its own.</summary>
public sealed class FeedAppliance : IAsyncDisposable
{
    public FeedAppliance() => Client = Factory.Operator();

    public FeedServer Server { get; } = FeedServer.Start();

    public HttpClient Client { get; }

    internal ApplianceFactory Factory { get; } = new("[feeds]\ntimeout_seconds = 1\nmax_megabytes = 4\n");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Factory.DisposeAsync();
        await Server.DisposeAsync();
    }
}
