using Blackwall.Tarpit.Ssh;
using Blackwall.Tarpit.Ssh.Wire;
using Xunit;

namespace Blackwall.Tarpit.Tests.Ssh;

/// <summary>What each persona offers, against what was taken from the real servers' KEXINIT.</summary>
public sealed class PersonaTests
{
    [Theory]
    [InlineData("ubuntu-24.04", "e42184b06d45385a906f0803d04c83da")]
    [InlineData("debian-12", "425d29fe50d8e4f5e37efb6e24bcf660")]
    public void The_hassh_of_the_server_is_that_of_the_distribution(string persona, string hassh) =>
        Assert.Equal(hassh, Hassh.Compute(Hassh.AlgorithmsOfServer(Find(persona).Offer)));

    [Fact]
    public void The_offer_of_ubuntu_is_as_long_as_the_real_one() => Assert.Equal(1108, Find("ubuntu-24.04").Offer.Write(new byte[KexInit.CookieLength]).Length);

    [Fact]
    public void An_offer_is_read_as_it_was_written()
    {
        KexInit offer = Find("ubuntu-24.04").Offer;
        KexInit read = KexInit.TryRead(offer.Write(new byte[KexInit.CookieLength]))!;
        Assert.Equal(offer.Lists, read.Lists);
        Assert.False(read.FirstKexFollows);
    }

    [Fact]
    public void An_offer_that_is_cut_anywhere_is_none()
    {
        byte[] payload = Find("ubuntu-24.04").Offer.Write(new byte[KexInit.CookieLength]);
        Assert.NotNull(KexInit.TryRead(payload));
        Assert.All(Enumerable.Range(0, payload.Length), length => Assert.Null(KexInit.TryRead(payload.AsSpan(0, length))));
    }

    [Fact]
    public void Both_sides_agree_on_the_clients_first_choice_and_not_on_what_only_announces()
    {
        KexInit server = Find("ubuntu-24.04").Offer;
        KexInit client = new([["ext-info-s", "diffie-hellman-group14-sha256", "curve25519-sha256"], ["ssh-rsa", "ssh-ed25519"], ["aes256-ctr"], ["aes128-gcm@openssh.com"], ["hmac-sha1"], ["hmac-md5"], ["none"], ["none"], [], []], FirstKexFollows: true);
        Negotiation agreed = Negotiation.TryAgree(client, server)!;
        Assert.Equal(("diffie-hellman-group14-sha256", "ssh-ed25519", "aes256-ctr", "hmac-sha1", null), (agreed.Kex, agreed.HostKey, agreed.CipherIn, agreed.MacIn, agreed.MacOut));
        Assert.True(agreed.WrongGuess);
        Assert.Null(Negotiation.TryAgree(client with { FirstKexFollows = false, Lists = [["diffie-hellman-group1-sha1"], .. client.Lists.Skip(1)] }, server));
    }

    private static SshPersona Find(string name) => SshPersona.All.Single(persona => string.Equals(persona.Name, name, StringComparison.Ordinal));
}
