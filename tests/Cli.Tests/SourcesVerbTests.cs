using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"sources" and "sources top".</summary>
public sealed class SourcesVerbTests() : CliFixture(insight: new Known())
{
    [Fact]
    public async Task Sources_are_listed_and_the_query_goes_to_the_appliance()
    {
        (int code, string output, string error) = await Run("sources", "--phase", "suspicious", "--within", "203.0.113.0/24", "--limit", "1");
        Assert.Equal((0, "There may be more: --cursor 7-ffffcb007109\n"), (code, error));
        Assert.Matches(@"^ADDRESS +PHASE +SUSPICION +PROVEN +PACKETS ", output);
        Assert.Matches(@"\n203\.0\.113\.9 +suspicious +0\.75 +no +7 +1970-01-01 00:00:00Z \(\d+d", output);
        Assert.Equal(new SourceQuery("suspicious", Prefix.Parse("203.0.113.0/24"), SourceOrder.LastSeen, null, 1), Known.Asked);

        await Run("sources", "top", "--cursor", "7-ffffcb007109");
        Assert.Equal((SourceOrder.Packets, new SourcePlace(7, Address.Parse("203.0.113.9"))), (Known.Asked!.Order, Known.Asked.After!.Value));
        Assert.StartsWith("{\"items\":[{\"address\":\"203.0.113.9\"", (await Run("sources", "--json")).Output, StringComparison.Ordinal);
    }

    private sealed class Known : ISourceInsight
    {
        public static SourceQuery? Asked { get; private set; }

        public SourceStanding? Describe(Address source) => null;

        public IReadOnlyList<SourceRow> List(SourceQuery query)
        {
            Asked = query;
            return [new SourceRow(new SourcePlace(7, Address.Parse("203.0.113.9")), "suspicious", 0.75, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, false, 7)];
        }
    }
}
