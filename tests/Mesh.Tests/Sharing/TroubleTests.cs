using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.PrivateNetwork;
using Blackwall.Mesh.Sharing;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>What keeps a sensor from others is told with the setting that it is about, and counted; beside each, one that is well.</summary>
public sealed class TroubleTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = IntakeFixture.Now;
    private readonly List<Sensor> _sensors = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Sensor sensor in _sensors)
        {
            await sensor.DisposeAsync();
        }
    }

    [Fact]
    public async Task Another_peer_at_the_address_of_a_configured_one()
    {
        Sensor first = await StartAsync(new SharingOptions { Folder = "" });
        Multiaddr wrong = first.Node.Addresses[0].WithPeer(SimNetwork.IdOf(1));
        Sensor misled = await StartAsync(new SharingOptions { Folder = "", Peers = [wrong] });
        Sensor well = await StartAsync(new SharingOptions { Folder = "", Peers = [first.Address] });
        string sentence = await FaultAsync(misled);
        Assert.StartsWith($"mesh.peers: another peer answers at {wrong}. The peer is {first.Node.Id}, not {SimNetwork.IdOf(1)}.", sentence, StringComparison.Ordinal);
        Assert.True(misled.Node[MeshTrouble.WrongPeer] > 0);
        await AssertWellAsync(well);
    }

    [Theory]
    [InlineData('a', 'b', "mesh.swarm_key_file: ")]
    [InlineData('a', null, "mesh.peers: what answers at ")]
    [InlineData(null, 'b', "mesh.swarm_key_file: ")]
    public async Task Another_swarm_key_or_none(char? theirs, char? ours, string sentence)
    {
        Sensor first = await StartAsync(new SharingOptions { Folder = "", Swarm = KeyOf(theirs) });
        Sensor outside = await StartAsync(new SharingOptions { Folder = "", Peers = [first.Address], Swarm = KeyOf(ours) });
        Sensor well = await StartAsync(new SharingOptions { Folder = "", Peers = [first.Address], Swarm = KeyOf(theirs) });
        Assert.StartsWith(sentence, await FaultAsync(outside), StringComparison.Ordinal);
        Assert.True(outside.Node[MeshTrouble.OtherSwarm] > 0);
        await AssertWellAsync(well);
    }

    [Fact]
    public async Task A_peer_of_a_mesh_of_another_name_is_told_on_both_sides()
    {
        Sensor first = await StartAsync(new SharingOptions { Folder = "", Mesh = "north" });
        Sensor other = await StartAsync(new SharingOptions { Folder = "", Mesh = "south", Peers = [first.Address] });
        Assert.Equal($"mesh.name: the peer {first.Node.Id} is of the mesh 'north', and this sensor of 'south'. Neither hears the other.", await FaultAsync(other));
        Assert.Contains("'south'", await FaultAsync(first), StringComparison.Ordinal);
        Assert.Equal(1, other.Node[MeshTrouble.OtherMesh]);
        await AssertWellAsync(await StartAsync(new SharingOptions { Folder = "", Mesh = "south", Peers = [other.Address] }));
    }

    [Fact]
    public void No_peer_for_a_minute_is_told_with_the_last_reason_until_one_comes()
    {
        Multiaddr address = At(SimNetwork.IdOf(1));
        MeshTroubles troubles = new(new SharingOptions { Folder = "", Peers = [address] }, Now);
        troubles.DialFailed(address, new MeshException($"{address}: Connection refused."));
        troubles.Look([], Now.AddSeconds(59));
        Assert.Empty(troubles.Sentences(Now.AddSeconds(59)));
        troubles.Look([], Now.AddMinutes(3));
        Assert.Equal($"The mesh has had no peer for 3 minutes: none of mesh.peers can be talked to ({address}: Connection refused). What is reported waits for one.", Assert.Single(troubles.Sentences(Now.AddMinutes(3))));
        Assert.Equal((1L, 1L), (troubles[MeshTrouble.Alone], troubles[MeshTrouble.Unreachable]));

        // Another one is somebody to talk to; that one is missing is no fault then.
        troubles.Look([(SimNetwork.IdOf(2), [])], Now.AddMinutes(4));
        Assert.Empty(troubles.Sentences(Now.AddMinutes(4)));

        // Where nobody is configured, there is more time.
        MeshTroubles unasked = new(new SharingOptions { Folder = "" }, Now);
        unasked.Look([], Now.AddMinutes(9));
        Assert.Empty(unasked.Sentences(Now.AddMinutes(9)));
        unasked.Look([], Now.AddMinutes(10));
        Assert.Contains("mesh.peers names nobody", Assert.Single(unasked.Sentences(Now.AddMinutes(10))), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_of_a_configured_peer_that_are_refused_for_its_work_are_told_and_those_of_strangers_counted_elsewhere()
    {
        PeerId peer = SimNetwork.IdOf(1);
        MeshTroubles troubles = new(new SharingOptions { Folder = "", Peers = [At(peer)] }, Now);
        troubles.Refused(SimNetwork.IdOf(2), Now);
        Assert.Empty(troubles.Sentences(Now));
        troubles.Refused(peer, Now);
        troubles.Look([(peer, [])], Now);
        Assert.StartsWith($"mesh.proof_of_work: what the peer {peer} reports is refused", Assert.Single(troubles.Sentences(Now)), StringComparison.Ordinal);
        Assert.Equal(1, troubles[MeshTrouble.WorkOwed]);
        troubles.Look([(peer, [])], Now.AddMinutes(11));
        Assert.Empty(troubles.Sentences(Now.AddMinutes(11)));
    }

    [Fact]
    public void The_clock_of_a_member_that_differs_is_told_until_it_is_right_again()
    {
        PeerId member = SimNetwork.IdOf(1);
        MeshTroubles troubles = new(new SharingOptions { Folder = "", Members = new HashSet<PeerId> { member } }, Now);
        troubles.ClockOf(member, TimeSpan.FromMinutes(9), Now);
        Assert.Empty(troubles.Sentences(Now));
        troubles.ClockOf(member, TimeSpan.FromMinutes(-42), Now);
        troubles.Look([(member, [])], Now.AddMinutes(9));
        Assert.StartsWith($"The clock of the member {member} is 42 minutes behind this sensor's", Assert.Single(troubles.Sentences(Now)), StringComparison.Ordinal);
        Assert.Equal(1, troubles[MeshTrouble.ClockDiffers]);
        troubles.ClockOf(member, TimeSpan.Zero, Now.AddMinutes(9));
        Assert.Empty(troubles.Sentences(Now));
        troubles.Impersonated(Now);
        Assert.StartsWith("mesh: another sensor signs with the identity of this one", Assert.Single(troubles.Sentences(Now)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_whose_clock_is_an_hour_ahead_is_told_on_both_sides()
    {
        string[] folders = [.. Enumerable.Range(0, 2).Select(_ => Directory.CreateTempSubdirectory("blackwall-mesh-").FullName)];
        HashSet<PeerId> members = [.. folders.Select(Sensor.IdOf)];
        Sensor right = await Sensor.StartAsync(new SharingOptions { Folder = folders[0], Members = members, Proof = null }, Cancellation);
        _sensors.Add(right);
        Sensor wrong = await Sensor.StartAsync(new SharingOptions { Folder = folders[1], Members = members, Proof = null, Peers = [right.Address] }, Cancellation, new ShiftedTime(TimeSpan.FromHours(1)));
        _sensors.Add(wrong);
        Assert.Matches($"The clock of the member {wrong.Node.Id} is (59|60) minutes ahead of this sensor's", await FaultAsync(right));
        Assert.Matches($"The clock of the member {right.Node.Id} is (59|60) minutes behind this sensor's", await FaultAsync(wrong));
    }

    [Fact]
    public void What_a_peer_tells_of_its_mesh_is_shown_only_where_it_is_a_name()
    {
        MeshTroubles troubles = new(new SharingOptions { Folder = "" }, Now);
        troubles.Look([(SimNetwork.IdOf(1), ["/blackwall/\u001b[2J'; rm/recent/1.0.0"]), (SimNetwork.IdOf(2), [$"/blackwall/{new string('a', 5000)}/recent/1.0.0"])], Now);
        Assert.Empty(troubles.Sentences(Now));
        troubles.Look([(SimNetwork.IdOf(3), ["/blackwall/south/recent/1.0.0"])], Now);
        Assert.Single(troubles.Sentences(Now));
    }

    private static Multiaddr At(PeerId peer) => Multiaddr.TryParse("/ip4/192.0.2.7/tcp/9471", out Multiaddr? address) ? address.WithPeer(peer) : throw new InvalidOperationException();

    private static SwarmKey? KeyOf(char? digit) => digit is { } one ? SwarmKey.TryParse($"/key/swarm/psk/1.0.0/\n/base16/\n{new string(one, 64)}\n", out _) : null;

    private static async Task<string> FaultAsync(Sensor sensor)
    {
        await Sensor.UntilAsync(() => sensor.Node.Faults.Count > 0, Cancellation);
        return sensor.Node.Faults[0];
    }

    private static async Task AssertWellAsync(Sensor sensor)
    {
        await Sensor.UntilAsync(() => sensor.Node.Listeners > 0, Cancellation);
        Assert.Empty(sensor.Node.Faults);
    }

    private async Task<Sensor> StartAsync(SharingOptions options)
    {
        Sensor sensor = await Sensor.StartAsync(options with { Folder = Directory.CreateTempSubdirectory("blackwall-mesh-").FullName, Proof = null }, Cancellation);
        _sensors.Add(sensor);
        return sensor;
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
