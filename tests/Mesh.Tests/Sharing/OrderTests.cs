using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Sharing;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>Messages that come in another order than they were signed in, many at once, or late: as they come to a sensor that starts.</summary>
public sealed class OrderTests : IDisposable
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly IntakeFixture _door = new();

    public void Dispose() => _door.Dispose();

    [Theory]
    [InlineData(MessageKind.Revocation)]
    [InlineData(MessageKind.Refutation)]
    [InlineData(MessageKind.Harmless)]
    public async Task What_an_author_took_back_does_not_count_when_it_comes_after_that(MessageKind kind)
    {
        byte[] sighting = _door.Sign(_door.Message());
        byte[] later = _door.Sign(_door.Message() with { Kind = kind, Evidence = EvidenceLevel.Heard });
        byte[] again = _door.Sign(_door.Message());
        Assert.Equal(Validation.Accept, (await _door.JudgeAsync(later)).Answer);
        Assert.Equal((Validation.Ignore, ShareCount.Superseded), await _door.JudgeAsync(sighting));
        _door.Trust.Settle(Now);
        Assert.Equal(MeshAction.None, _door.Trust.Find(_door.Message().Value)?.Action ?? MeshAction.None);

        // What it says after that counts.
        Assert.Equal((Validation.Accept, ShareCount.Accepted), await _door.JudgeAsync(again));
        _door.Trust.Settle(Now);
        Assert.Equal(MeshAction.RateLimit, _door.Trust.Find(_door.Message().Value)!.Action);
    }

    [Fact]
    public void What_was_taken_back_is_remembered_for_a_day_and_bounded()
    {
        WithdrawnWords words = new(TimeSpan.FromHours(24), capacity: 2);
        PeerId author = SimNetwork.IdOf(1);
        words.Add(author, 1, (5, 3), Now);
        Assert.True(words.IsAfter(author, 1, (5, 2)));
        Assert.True(words.IsAfter(author, 1, (4, 900)));
        Assert.False(words.IsAfter(author, 1, (5, 4)));
        Assert.False(words.IsAfter(SimNetwork.IdOf(2), 1, (5, 2)));
        words.Add(author, 2, (5, 5), Now.AddHours(1));
        words.Trim(Now.AddHours(24));
        Assert.False(words.IsAfter(author, 1, (5, 2)));
        Assert.True(words.IsAfter(author, 2, (5, 2)));
        words.Add(author, 3, (5, 6), Now);
        words.Add(author, 4, (5, 7), Now);
        Assert.False(words.IsAfter(author, 2, (5, 2)));
        Assert.True(words.IsAfter(author, 4, (5, 2)));
    }

    [Fact]
    public async Task A_busy_day_of_an_honest_member_is_taken_at_once_and_silences_nobody()
    {
        using IntakeFixture door = new(new SharingOptions { Folder = "", Proof = null, MessagesPerHour = 16 });
        for (int hour = 23; hour >= 0; hour--)
        {
            for (int message = 0; message < 16; message++)
            {
                DateTimeOffset created = Now.AddHours(-hour);
                Assert.Equal((Validation.Accept, ShareCount.Accepted), await door.JudgeAsync(door.Sign(door.Message($"1.2.{hour}.{message}") with { Created = created, FirstSeen = created, LastSeen = created }), via: SimNetwork.IdOf(3)));
            }
        }

        // Over its quota hours ago: not taken, and no offence.
        for (int message = 0; message < 40; message++)
        {
            DateTimeOffset created = Now.AddHours(-5);
            Assert.Equal((Validation.Ignore, ShareCount.OverQuota), await door.JudgeAsync(door.Sign(door.Message($"1.3.5.{message}") with { Created = created, FirstSeen = created, LastSeen = created })));
        }

        Assert.Null(door.Book.Find(door.Author)!.Offence);
    }

    [Fact]
    public void Own_sightings_stay_below_what_others_grant_and_what_is_taken_back_goes_first()
    {
        DraftQueue drafts = new(SimNetwork.IdOf(1), 16);
        for (int i = 0; i < 20; i++)
        {
            drafts.Add(Draft(MessageKind.Sighting, $"1.2.3.{i}"));
        }

        drafts.Add(Draft(MessageKind.Revocation, "1.2.3.4"));
        List<IndicatorDraft> signed = SignAll(drafts, Now);
        Assert.Equal(11, signed.Count);
        Assert.Equal(MessageKind.Revocation, signed[0].Kind);

        // The next process knows by the outbox what this hour has cost, and the next hour is another one.
        DraftQueue next = new(SimNetwork.IdOf(1), 16);
        signed.ForEach(draft => next.Charge(_door.Message() with { Kind = draft.Kind, Created = Now }));
        next.Add(Draft(MessageKind.Sighting, "1.2.3.99"));
        Assert.Empty(SignAll(next, Now));
        Assert.Single(SignAll(next, Now.AddHours(1)));
        next.Add(Draft(MessageKind.Sighting, "1.2.3.98"));
        Assert.Single(SignAll(next, Now.AddHours(-1)));
    }

    private static List<IndicatorDraft> SignAll(DraftQueue drafts, DateTimeOffset now)
    {
        List<IndicatorDraft> signed = [];
        while (drafts.Next(now) is { } draft)
        {
            drafts.Signed(draft, now);
            signed.Add(draft);
        }

        return signed;
    }

    private static IndicatorDraft Draft(MessageKind kind, string address) => new(kind, Sensor.Value(address), EvidenceLevel.Exploit, "brute-force", Now, Now, 1, 90, TimeSpan.FromHours(24));
}
