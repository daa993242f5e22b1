using Blackwall.Classification;
using Blackwall.Classification.Wire;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Classification;

public sealed class OpinionReplyTests
{
    [Fact]
    public void A_valid_answer_is_read_in_the_order_of_the_question()
    {
        Assert.Null(OpinionReply.Read("""{"v":[{"id":"2","c":"benign","p":0},{"p":100,"id":"1","c":"bruteforce"}]}""", 2, out IReadOnlyList<(OpinionCategory, int)> opinions));
        Assert.Equal([(OpinionCategory.Bruteforce, 100), (OpinionCategory.Benign, 0)], opinions);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"v":[]}""")]
    [InlineData("""{"v":{}}""")]
    [InlineData("""{"V":[{"id":"1","c":"scan","p":1}]}""")]
    [InlineData("""{"v":[{"id":1,"c":"scan","p":1}]}""")]
    [InlineData("""{"v":[{"id":"01 ","c":"scan","p":1}]}""")]
    [InlineData("""{"v":[{"id":"-1","c":"scan","p":1}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"Scan","p":1}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":-1}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":1e2}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":null}]}""")]
    [InlineData("""{"v":[{"id":"1","c":["scan"],"p":1}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":1}],"v":[]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":1}]}{}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":1}]} trailing""")]
    [InlineData("""{"v":[{"id":"1","c":"\ud800","p":1}]}""")]
    [InlineData("""{"v":[{"id":"1","c":"scan","p":1},{"id":"1","c":"benign","p":1}]}""")]
    public void Anything_else_is_void_as_a_whole(string text)
    {
        Assert.NotNull(OpinionReply.Read(text, 1, out IReadOnlyList<(OpinionCategory, int)> opinions));
        Assert.Empty(opinions);
    }

    [Property]
    public bool No_text_makes_it_throw(string? text) => OpinionReply.Read(text ?? "", 3, out _) is not null;
}
