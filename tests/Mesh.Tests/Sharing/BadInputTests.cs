using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>What others must not be able to say: refused, counted by its reason, and blamed on its sender only where every sensor sees the same.</summary>
public sealed class BadInputTests : IDisposable
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly IntakeFixture _door = new();

    public void Dispose() => _door.Dispose();

    private async Task AcceptsAsync(byte[] bytes) => Assert.Equal((Validation.Accept, ShareCount.Accepted), await _door.JudgeAsync(bytes));

    [Fact]
    public async Task A_genuine_message_counts_once_and_its_repetition_costs_nobody()
    {
        byte[] bytes = _door.Sign(_door.Message());
        await AcceptsAsync(bytes);
        Assert.InRange(bytes.Length, 150, 220);
        Assert.Equal((Validation.Ignore, ShareCount.Duplicate), await _door.JudgeAsync(bytes));
        Assert.Single(_door.Trust.Find(_door.Message().Value)!.Votes);
    }

    [Fact]
    public async Task Any_changed_bit_is_refused_and_leaves_no_vote()
    {
        byte[] good = _door.Sign(_door.Message());
        for (int bit = 0; bit < good.Length * 8; bit += 7)
        {
            byte[] forged = [.. good];
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            (Validation answer, ShareCount counted) = await _door.JudgeAsync(forged);
            Assert.NotEqual(Validation.Accept, answer);
            Assert.Contains(counted, (ShareCount[])[ShareCount.Malformed, ShareCount.BadSignature, ShareCount.Expired, ShareCount.FromTheFuture]);
        }

        Assert.Null(_door.Trust.Find(_door.Message().Value));
        await AcceptsAsync(good);
    }

    [Fact]
    public async Task Signed_for_another_mesh_by_another_key_too_long_or_with_something_behind_it()
    {
        IndicatorMessage message = _door.Message();
        Assert.Equal((Validation.Reject, ShareCount.BadSignature), await _door.JudgeAsync(_door.Sign(message, "elsewhere")));
        using PrivateKey other = PrivateKey.Generate(KeyType.Ed25519);
        Assert.Equal((Validation.Reject, ShareCount.BadSignature), await _door.JudgeAsync(SignedIndicator.Sign(message, other, _door.Options.Mesh).Bytes.ToArray()));
        Assert.Equal((Validation.Reject, ShareCount.TooLong), await _door.JudgeAsync(new byte[SignedIndicator.MaxLength + 1]));
        Assert.Equal((Validation.Reject, ShareCount.Malformed), await _door.JudgeAsync([.. _door.Sign(message), 0]));
        Assert.Equal((Validation.Reject, ShareCount.Malformed), await _door.JudgeAsync([]));
        await AcceptsAsync(_door.Sign(message));
    }

    [Fact]
    public async Task Expired_old_from_the_future_and_seen_after_it_was_written()
    {
        byte[] old = _door.Sign(_door.Message());
        Assert.Equal((Validation.Ignore, ShareCount.Expired), await _door.JudgeAsync(old, now: Now.AddHours(25)));
        Assert.Equal((Validation.Ignore, ShareCount.FromTheFuture), await _door.JudgeAsync(old, now: Now.AddMinutes(-11)));
        Assert.Equal((Validation.Reject, ShareCount.Malformed), await _door.JudgeAsync(_door.Sign(_door.Message() with { LastSeen = Now.AddMinutes(15), FirstSeen = Now })));

        // Ten minutes of skew are taken.
        Assert.Equal((Validation.Accept, ShareCount.Accepted), await _door.JudgeAsync(old, now: Now.AddMinutes(-9)));
    }

    [Fact]
    public async Task A_counter_far_behind_is_a_replay_and_messages_that_cross_paths_are_not()
    {
        IndicatorMessage first = _door.Message();
        await AcceptsAsync(_door.Sign(first with { Epoch = 2, Counter = 1 }));

        // Of another address, for of one address only the latest counts. What was signed before a restart may come after it.
        await AcceptsAsync(_door.Sign(_door.Message("1.2.3.5") with { Epoch = 1, Counter = 9000 }));
        ReplayWindow window = new();
        for (ulong counter = 1; counter <= (2 * ReplayWindow.Width); counter++)
        {
            Assert.Equal(ReplayResult.Fresh, window.Take(_door.Author, 7, counter * 2, counter));
        }

        Assert.Equal(ReplayResult.Stale, window.Look(_door.Author, 7, ReplayWindow.Width * 2, ReplayWindow.Width));
        Assert.Equal(ReplayResult.Stale, window.Look(_door.Author, 6, 1_000_000, 1));
        Assert.Equal(ReplayResult.Duplicate, window.Look(_door.Author, 7, (ReplayWindow.Width + 1) * 2, ReplayWindow.Width + 1));
        Assert.Equal(ReplayResult.Fresh, window.Look(_door.Author, 7, (ReplayWindow.Width * 2) + 1, 1));
    }

    [Fact]
    public async Task Two_messages_with_one_counter_silence_their_author_and_both_are_the_proof()
    {
        IndicatorMessage one = _door.Message();
        IndicatorMessage other = one with { Value = IndicatorValue.From(IPAddress.Parse("5.6.7.8")) };
        await AcceptsAsync(_door.Sign(one));
        Assert.Equal((Validation.Ignore, ShareCount.Equivocated), await _door.JudgeAsync(_door.Sign(other)));
        EquivocationProof proof = Assert.Single(_door.Proofs);
        EquivocationProof? read = EquivocationProof.TryDecode(proof.Encode(), _door.Options.Mesh);
        Assert.Equal(_door.Author, read!.Author);
        Assert.Equal((Validation.Ignore, ShareCount.Silenced), await _door.JudgeAsync(_door.Sign(_door.Message())));
        Assert.Equal("equivocation", _door.Book.Find(_door.Author)!.Offence);

        // Nobody can be accused without both signatures.
        byte[] forged = proof.Encode();
        forged[^5] ^= 1;
        Assert.Null(EquivocationProof.TryDecode(forged, _door.Options.Mesh));
        Assert.Null(EquivocationProof.TryDecode(new EquivocationProof(_door.Author, proof.First, proof.First).Encode(), _door.Options.Mesh));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("8.8.8.8")]
    [InlineData("198.41.0.4")]
    [InlineData("203.0.113.9")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("2001:db8::1")]
    public async Task A_vote_for_what_is_protected_everywhere_is_refused_and_silences_its_author(string address)
    {
        await AcceptsAsync(_door.Sign(_door.Message()));
        _door.Trust.Settle(Now);
        Assert.Equal(MeshAction.RateLimit, _door.Trust.Find(_door.Message().Value)!.Action);
        Assert.Equal((Validation.Reject, ShareCount.Protected), await _door.JudgeAsync(_door.Sign(_door.Message(address))));
        Assert.Equal("protected-target", _door.Book.Find(_door.Author)!.Offence);

        // What it said before falls with it.
        _door.Trust.Settle(Now);
        Assert.Equal(MeshAction.None, _door.Trust.Find(_door.Message().Value)!.Action);
    }

    [Fact]
    public async Task What_is_guarded_here_is_passed_on_and_not_acted_on_and_nobody_is_blamed()
    {
        using IntakeFixture door = new(new SharingOptions { Folder = "", Proof = null, IsGuarded = value => value.Text is "1.2.3.4" });
        Assert.Equal((Validation.Accept, ShareCount.GuardedHere), await door.JudgeAsync(door.Sign(door.Message())));
        Assert.Null(door.Trust.Find(door.Message().Value));
        Assert.Equal((Validation.Accept, ShareCount.Accepted), await door.JudgeAsync(door.Sign(door.Message("1.2.3.5"))));
        Assert.Null(door.Book.Find(door.Author)!.Offence);
    }

    [Fact]
    public async Task Beyond_its_quota_an_author_is_not_heard_and_far_beyond_it_silenced()
    {
        using IntakeFixture door = new(new SharingOptions { Folder = "", Proof = null, MessagesPerHour = 16 });
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal((Validation.Accept, ShareCount.Accepted), await door.JudgeAsync(door.Sign(door.Message())));
        }

        // Who passes it on may have seen less of its author.
        using PrivateKey relay = PrivateKey.Generate(KeyType.Ed25519);
        Assert.Equal((Validation.Ignore, ShareCount.OverQuota), await door.JudgeAsync(door.Sign(door.Message()), via: PeerId.From(relay.Public)));
        Assert.Equal((Validation.Ignore, ShareCount.OverQuota), await door.JudgeAsync(door.Sign(door.Message())));
        byte[] last = [];
        for (int i = 0; i < 13; i++)
        {
            await door.JudgeAsync(last = door.Sign(door.Message()));
        }

        // Others can repeat what was refused, as often as they like.
        for (int i = 0; i < 20; i++)
        {
            await door.JudgeAsync(last);
        }

        Assert.Null(door.Book.Find(door.Author)!.Offence);
        Assert.Equal((Validation.Reject, ShareCount.OverQuota), await door.JudgeAsync(door.Sign(door.Message())));
        Assert.Equal("quota", door.Book.Find(door.Author)!.Offence);
        door.Trust.Ban(door.Author, banned: false, Now);
        Assert.Null(door.Book.Find(door.Author)!.Offence);
    }

    [Fact]
    public async Task A_stranger_owes_the_work_of_its_identity_once_in_a_period()
    {
        IdentityProof proof = new(64, 8, 2);
        using IntakeFixture door = new(new SharingOptions { Folder = "", Proof = proof }, isMember: false);
        Assert.Equal((Validation.Reject, ShareCount.NoProof), await door.JudgeAsync(door.Sign(door.Message() with { ProofPeriod = IdentityProof.PeriodOf(Now), ProofNonce = Enumerable.Range(0, int.MaxValue).Select(n => (ulong)n).First(n => !proof.Holds(door.Author, IdentityProof.PeriodOf(Now), n)) })));
        Assert.Equal((Validation.Ignore, ShareCount.NoProof), await door.JudgeAsync(door.Sign(door.Message() with { ProofPeriod = 1, ProofNonce = 0 })));
        ulong nonce = proof.Find(door.Author, IdentityProof.PeriodOf(Now), TestContext.Current.CancellationToken);
        Assert.Equal((Validation.Accept, ShareCount.Accepted), await door.JudgeAsync(door.Sign(door.Message() with { ProofPeriod = IdentityProof.PeriodOf(Now), ProofNonce = nonce })));
        Assert.Equal((Validation.Accept, ShareCount.Accepted), await door.JudgeAsync(door.Sign(door.Message())));
    }
}
