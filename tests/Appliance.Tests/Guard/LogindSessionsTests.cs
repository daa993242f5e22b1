using Blackwall.Guard;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Guard;

/// <summary>Session files of systemd-logind show who came from where.</summary>
public sealed class LogindSessionsTests
{
    [Theory]
    [InlineData("UID=0\nUSER=root\nACTIVE=1\nSTATE=active\nREMOTE=1\nTYPE=tty\nREMOTE_HOST=203.0.113.7\nSERVICE=sshd\n", "root", "203.0.113.7")]
    [InlineData("USER=alice\nREMOTE=1\nSTATE=online\nREMOTE_HOST=\"2001:db8::1\"", "alice", "2001:db8::1")]
    public void A_remote_session_has_a_user_and_an_address(string text, string user, string peer) =>
        Assert.Equal((user, Address.Parse(peer)), LogindSessions.Read(text));

    [Theory]
    [InlineData("USER=root\nREMOTE=0\nSTATE=active\nREMOTE_HOST=203.0.113.7\n")]
    [InlineData("USER=root\nREMOTE=1\nSTATE=closing\nREMOTE_HOST=203.0.113.7\n")]
    [InlineData("USER=root\nREMOTE=1\nSTATE=active\nREMOTE_HOST=host.example.org\n")]
    [InlineData("USER=root\nREMOTE=1\nSTATE=active\n")]
    [InlineData("\0\0=\n=\nREMOTE")]
    [InlineData("")]
    public void What_is_local_over_or_without_an_address_shows_nobody(string text) => Assert.Null(LogindSessions.Read(text));

    /// <summary>A session that is broken, or a pipe beside it, hides no other one.</summary>
    [Fact]
    public void Administrators_are_found_and_others_are_not()
    {
        string folder = Directory.CreateTempSubdirectory("blackwall-logind-").FullName;
        string etc = Directory.CreateTempSubdirectory("blackwall-etc-").FullName;
        File.WriteAllText(Path.Combine(etc, "passwd"), "root:x:0:0::/root:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n");
        File.WriteAllText(Path.Combine(etc, "group"), "root:x:0:\nbob:x:1001:\n");
        File.WriteAllText(Path.Combine(folder, "1"), "USER=root\nREMOTE=1\nSTATE=active\nREMOTE_HOST=203.0.113.7\n");
        File.WriteAllText(Path.Combine(folder, "2"), "USER=bob\nREMOTE=1\nSTATE=active\nREMOTE_HOST=203.0.113.8\n");
        File.CreateSymbolicLink(Path.Combine(folder, "3"), Path.Combine(folder, "gone"));
        Assert.Equal([Address.Parse("203.0.113.7")], LogindSessions.Peers(folder, Administrators.Read(etc)));
        Assert.Empty(LogindSessions.Peers(Path.Combine(folder, "missing"), Administrators.Read(etc)));
    }
}
