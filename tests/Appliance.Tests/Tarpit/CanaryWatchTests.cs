using Blackwall.Bridges.Tarpit;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tests.Inspection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>Planted credentials, shown to a web server of the host in a request that the pipeline reads.</summary>
public sealed class CanaryWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-canary-").FullName;
    private readonly Requests _requests;

    public CanaryWatchTests()
    {
        TarpitIdentityFile identity = new(Options.Create(new StorageOptions { StateFolder = _folder }), TimeProvider.System);
        _requests = new Requests(canaries: new CanaryWatch(Options.Create(new TarpitOptions { Canaries = ["backup:Tr0ub4dor"] }), identity, TimeProvider.System));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Who_uses_them_is_reported_once_and_never_with_the_secret()
    {
        for (int i = 0; i < 3; i++)
        {
            _requests.Get("/", "Authorization: Basic YmFja3VwOlRyMHViNGRvcg==\r\n");
        }

        Evidence used = Assert.Single(_requests.Evidence);
        Assert.Equal(("canary-used", "203.0.113.9", EvidenceClass.Application), (used.Kind, $"{used.Source}", used.Class));
        Assert.Contains("user 'backup'", used.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Tr0ub4dor", used.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization: Basic YmFja3VwOndyb25n\r\n")]
    [InlineData("Authorization: Basic !!!\r\n")]
    [InlineData("Authorization: Bearer\r\n")]
    [InlineData("Authorization: Digest username=\"backup\"\r\n")]
    public void Other_credentials_are_nobodys_business(string header)
    {
        _requests.Get("/", header);
        Assert.Empty(_requests.Evidence);
    }
}
