using Blackwall.Pipeline.Model;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public sealed class PrefixTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", "11.0.0.0")]
    [InlineData("1.2.3.0/24", "1.2.3.200", "3.2.1.0")]
    [InlineData("0.0.0.0/0", "255.1.2.3", "2001:db8::1")]
    [InlineData("::/0", "2001:db8::1", "1.2.3.4")]
    [InlineData("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::")]
    [InlineData("1.2.3.4", "1.2.3.4", "4.3.2.1")]
    [InlineData("2001:db8::1/128", "2001:db8::1", "2001:db8::2")]
    public void A_block_contains_what_lies_in_it_and_nothing_else_and_no_other_family(string block, string inside, string outside)
    {
        Prefix prefix = Prefix.Parse(block);
        Assert.True(prefix.Contains(Address.Parse(inside)));
        Assert.False(prefix.Contains(Address.Parse(outside)));
    }

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("2001:db8::1/64", "2001:db8::/64")]
    public void Host_bits_are_an_error_that_says_what_was_meant(string text, string meant)
    {
        Assert.False(Prefix.TryParse(text, out _, out string? error));
        Assert.Contains(meant, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    [InlineData("::ffff:1.2.3.4/128", "1.2.3.4")]
    public void A_mapped_block_is_the_ipv4_block(string text, string block) => Assert.Equal(Prefix.Parse(block), Prefix.Parse(text));

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("2001:db8::/129")]
    [InlineData("::ffff:0.0.0.0/95")]
    [InlineData("/8")]
    [InlineData("10/8")]
    [InlineData("")]
    public void What_is_not_plainly_a_block_is_refused(string text)
    {
        Assert.False(Prefix.TryParse(text, out _, out string? error));
        Assert.NotNull(error);
    }

    [Property(MaxTest = 2000)]
    public bool Every_block_survives_text_and_contains_its_ends(ulong high, ulong low, byte length, bool v4)
    {
        Prefix prefix = Make(high, low, length, v4);
        return Prefix.Parse(prefix.ToString()) == prefix
            && prefix.Contains(prefix.Network)
            && (prefix.Last.IsV4 != prefix.IsV4 || prefix.Contains(prefix.Last)) // The last of ::/80 is the mapped 255.255.255.255.
            && (prefix.Length == 0 || !prefix.Contains(new Address(prefix.Last.Value + 1)))
            && (prefix.Length == 0 || !prefix.Contains(new Address(prefix.Network.Value - 1)));
    }

    [Property(MaxTest = 2000)]
    public bool Containing_follows_the_bits(ulong high, ulong low, byte length, bool v4, ulong otherHigh, ulong otherLow, byte otherLength)
    {
        Prefix one = Make(high, low, length, v4);
        Address address = v4 ? Address.FromV4((uint)otherLow) : new Address(new UInt128(otherHigh, otherLow));
        Prefix other = Prefix.Around(address, otherLength % (address.Bits + 1));
        bool sameBits = SameBits(one.Network, address, one.Length);
        return one.Contains(address) == sameBits
            && one.Contains(other) == (other.Length >= one.Length && SameBits(one.Network, other.Network, one.Length))
            && one.Overlaps(other) == (one.Contains(other) || other.Contains(one));
    }

    [Property(MaxTest = 2000)]
    public bool Two_blocks_around_one_address_nest(ulong high, ulong low, byte length, byte otherLength, bool v4)
    {
        Prefix one = Make(high, low, length, v4), other = Make(high, low, otherLength, v4);
        return one.Length <= other.Length ? one.Contains(other) : other.Contains(one);
    }

    [Property(MaxTest = 5000)]
    public bool No_text_makes_the_parser_throw(string? text) => !Prefix.TryParse(text, out Prefix prefix, out _) || Prefix.Parse(prefix.ToString()) == prefix;

    private static Prefix Make(ulong high, ulong low, byte length, bool v4)
    {
        Address address = v4 ? Address.FromV4((uint)low) : new Address(new UInt128(high, low));
        return Prefix.Around(address, length % (address.Bits + 1));
    }

    // Bit by bit, so that it shares nothing with the code under test.
    private static bool SameBits(Address one, Address other, int length)
    {
        if (one.IsV4 != other.IsV4)
        {
            return false;
        }

        byte[] left = one.ToIPAddress().GetAddressBytes(), right = other.ToIPAddress().GetAddressBytes();
        for (int bit = 0; bit < length; bit++)
        {
            int mask = 0x80 >> (bit % 8);
            if ((left[bit / 8] & mask) != (right[bit / 8] & mask))
            {
                return false;
            }
        }

        return true;
    }
}
