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
}
