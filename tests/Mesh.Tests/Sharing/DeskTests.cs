using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>What a sensor says and knows over its end, without connections.</summary>
public sealed class DeskTests : IDisposable
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-mesh-").FullName;
    private readonly PrivateKey _key = PrivateKey.Generate(KeyType.Ed25519);
    private readonly IntakeFixture _other = new();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_refutation_is_on_the_disk_when_it_is_answered_and_outlives_the_process()
    {
        IndicatorValue refuted = Sensor.Value("1.2.3.4");
        using (TrustDesk first = Desk(Now))
        {
            // The process ends without a word, before anything was published.
            first.Refute(refuted, Now);
        }

        using TrustDesk next = Desk(Now.AddHours(30));
        Assert.Equal(Now.AddDays(7), next.Read(trust => trust.Find(refuted)!.RefutedUntil));
        Assert.Null(next.Read(trust => trust.Find(Sensor.Value("1.2.3.5"))));
        Assert.Equal(MessageKind.Refutation, Assert.Single(next.Own(10)).Message.Kind);

        // What detectors see of it is not told meanwhile; of others it is.
        Assert.False(next.Report(Draft("1.2.3.4", Now.AddHours(30)), Now.AddHours(30)));
        Assert.True(next.Report(Draft("1.2.3.5", Now.AddHours(30)), Now.AddHours(30)));
        using TrustDesk late = Desk(Now.AddDays(8));
        Assert.Null(late.Read(trust => trust.Find(refuted)));
    }

    [Fact]
    public void What_is_withdrawn_is_on_the_disk_after_a_flush_and_comes_after_the_report_for_who_asks()
    {
        using (TrustDesk first = Desk(Now))
        {
            first.Report(Draft("1.2.3.4", Now), Now);
            first.Report(Draft("1.2.3.6", Now), Now);
            first.Flush(Now);
            Assert.True(first.Withdraw(Sensor.Value("1.2.3.4"), "lifted", Now));
            Assert.False(first.Withdraw(Sensor.Value("1.2.3.5"), "lifted", Now));
            first.Flush(Now);
        }

        using TrustDesk next = Desk(Now.AddMinutes(1));
        Assert.Equal([("1.2.3.6", MessageKind.Sighting), ("1.2.3.4", MessageKind.Revocation)], next.Recent(Now.AddDays(-1), SimNetwork.IdOf(1), Now.AddMinutes(1)).Select(signed => (signed.Message.Value.Text, signed.Message.Kind)));
    }

    [Fact]
    public async Task Others_words_are_given_in_the_order_in_which_they_were_signed()
    {
        using TrustDesk desk = Desk(Now);
        byte[] sighting = _other.Sign(_other.Message());
        byte[] revocation = _other.Sign(_other.Message("1.2.3.5") with { Kind = MessageKind.Revocation });
        await desk.Intake.JudgeAsync(revocation, via: null, Now);
        await desk.Intake.JudgeAsync(sighting, via: null, Now);
        Assert.Equal([1UL, 2UL], desk.Recent(Now.AddDays(-1), SimNetwork.IdOf(1), Now).Select(signed => signed.Message.Counter));
    }

    [Fact]
    public void What_was_signed_while_the_clock_was_ahead_is_said_anew()
    {
        using (TrustDesk ahead = Desk(Now.AddDays(3)))
        {
            ahead.Refute(Sensor.Value("1.2.3.4"), Now.AddDays(3));
            ahead.Report(Draft("1.2.3.5", Now.AddDays(3)), Now.AddDays(3));
            ahead.Flush(Now.AddDays(3));
        }

        using TrustDesk right = Desk(Now);
        Assert.True(right.Report(Draft("1.2.3.5", Now), Now));
        right.Flush(Now);
        Assert.Equal([("1.2.3.4", Now), ("1.2.3.5", Now)], right.Own(10).Select(own => (own.Message.Value.Text, own.Message.Created)).Order());
        Assert.Equal(Now.AddDays(7), right.Read(trust => trust.Find(Sensor.Value("1.2.3.4"))!.RefutedUntil));
    }

    [Fact]
    public async Task A_state_that_was_restored_from_a_copy_uses_no_number_twice_and_a_second_sensor_with_our_identity_is_told()
    {
        using TrustDesk before = Desk(Now);
        File.Copy(Path.Combine(_folder, "counter.state"), Path.Combine(_folder, "copy"));
        before.Report(Draft("1.2.3.4", Now), Now);
        before.Flush(Now);
        SignedIndicator own = Assert.Single(before.Recent(Now.AddDays(-1), SimNetwork.IdOf(1), Now));
        File.Copy(Path.Combine(_folder, "copy"), Path.Combine(_folder, "counter.state"), overwrite: true);
        File.Delete(Path.Combine(_folder, "outbox.state"));
        using TrustDesk restored = Desk(Now.AddMinutes(20));
        restored.Report(Draft("5.6.7.8", Now), Now.AddMinutes(20));
        restored.Flush(Now.AddMinutes(20));
        SignedIndicator later = Assert.Single(restored.Recent(Now.AddDays(-1), SimNetwork.IdOf(1), Now.AddMinutes(20)));
        Assert.NotEqual((own.Message.Epoch, own.Message.Counter), (later.Message.Epoch, later.Message.Counter));

        // To the one that runs since before, the other's number is unknown; its own comes back to each all the time.
        int told = 0;
        before.Intake.Impersonated = () => told++;
        restored.Intake.Impersonated = () => told++;
        await restored.Intake.JudgeAsync(own.Bytes, via: null, Now.AddMinutes(20));
        await restored.Intake.JudgeAsync(later.Bytes, via: null, Now.AddMinutes(20));
        await before.Intake.JudgeAsync(own.Bytes, via: null, Now.AddMinutes(20));
        Assert.Equal(0, told);
        await before.Intake.JudgeAsync(later.Bytes, via: null, Now.AddMinutes(20));
        Assert.Equal(1, told);
        byte[] forged = later.Bytes.ToArray();
        forged[^1] ^= 1;
        await before.Intake.JudgeAsync(forged, via: null, Now.AddMinutes(20));
        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_member_that_refutes_our_report_and_one_whose_clock_is_ahead_are_told()
    {
        using TrustDesk desk = Desk(Now);
        desk.Report(Draft("1.2.3.4", Now), Now);
        desk.Report(Draft("1.2.3.5", Now), Now);
        desk.Flush(Now);
        await desk.Intake.JudgeAsync(_other.Sign(_other.Message() with { Kind = MessageKind.Refutation, Evidence = EvidenceLevel.Heard }), via: null, Now);
        Assert.Equal([("1.2.3.5", null), ("1.2.3.4", _other.Author)], desk.Own(10).Select(own => (own.Message.Value.Text, own.RefutedBy)));

        List<(PeerId Member, DateTimeOffset At)> signed = [];
        desk.Intake.MemberSigned = (member, at) => signed.Add((member, at));
        await desk.Intake.JudgeAsync(_other.Sign(_other.Message() with { Created = Now.AddHours(2) }), via: null, Now);
        Assert.Equal((_other.Author, Now.AddHours(2)), Assert.Single(signed));
    }

    [Fact]
    public void Places_of_strangers_that_are_gone_make_room_for_others()
    {
        PeerPlaces places = new(new NetworkTable(), capacity: 32) { IsNeeded = peer => peer == SimNetwork.IdOf(0) };
        for (int i = 0; i < 100; i++)
        {
            places.Met(SimNetwork.IdOf(i), new IPAddress([9, 9, (byte)i, 1]));
        }

        Assert.NotNull(places.AddressOf(SimNetwork.IdOf(0)));
        Assert.NotNull(places.AddressOf(SimNetwork.IdOf(99)));
        Assert.InRange(places.All.Count, 30, 32);
    }

    [Fact]
    public void A_ban_and_its_end_make_nobody_younger_or_older()
    {
        using TrustDesk desk = Desk(Now);
        desk.Ban(SimNetwork.IdOf(1), banned: true, Now);
        desk.Ban(SimNetwork.IdOf(1), banned: false, Now.AddDays(1));
        Assert.Null(desk.Read(trust => trust.Reputation.Find(SimNetwork.IdOf(1))));
        desk.Read(trust => trust.Reputation.Meet(SimNetwork.IdOf(2), Now)).Confirm(1, Now);
        desk.Ban(SimNetwork.IdOf(2), banned: true, Now.AddDays(1));
        desk.Ban(SimNetwork.IdOf(2), banned: false, Now.AddDays(2));
        Assert.Equal((Now, Now), desk.Read(trust => (trust.Reputation.Find(SimNetwork.IdOf(2))!.FirstSeen, trust.Reputation.Find(SimNetwork.IdOf(2))!.LastSeen)));
    }

    [Fact]
    public void Serving_what_one_reporter_names_costs_it_little_a_day_and_nothing_where_others_agree()
    {
        using TrustDesk desk = Desk(Now);
        TrustEngine engine = desk.Read(trust => trust);
        PeerId stranger = SimNetwork.IdOf(7);
        for (int i = 0; i < 10; i++)
        {
            engine.Apply(_other.Message($"1.2.3.{i}") with { Author = stranger }, Now);
            engine.Contradict(Sensor.Value($"1.2.3.{i}"), Now);
        }

        Assert.Equal(1, engine.Reputation.Find(stranger)!.Against, 3);
        PeerId seconded = SimNetwork.IdOf(8);
        engine.Apply(_other.Message("1.2.4.1") with { Author = seconded }, Now);
        engine.Apply(_other.Message("1.2.4.1"), Now);
        engine.Apply(_other.Message("1.2.4.1") with { Evidence = EvidenceLevel.Malware }, Now);
        engine.Contradict(Sensor.Value("1.2.4.1"), Now);
        Assert.Equal(0, engine.Reputation.Find(seconded)!.Against);
        engine.Apply(_other.Message("1.2.4.2") with { Author = seconded }, Now);
        engine.Contradict(Sensor.Value("1.2.4.2"), Now);
        Assert.Equal(0.9, engine.Reputation.Find(seconded)!.Against, 3);
    }

    private static IndicatorDraft Draft(string address, DateTimeOffset seen) => new(MessageKind.Sighting, Sensor.Value(address), EvidenceLevel.Exploit, "brute-force", seen, seen, 1, 90, TimeSpan.FromHours(24));

    private TrustDesk Desk(DateTimeOffset now) => new(new SharingOptions { Folder = _folder, Proof = null, Members = new HashSet<PeerId> { _other.Author } }, _key, new PeerPlaces(new NetworkTable()), now);
}
