using System.Text;
using GeoSanitation.Server.Webhooks;
using Xunit;

namespace GeoSanitation.Server.Tests.Webhooks;

public sealed class CallbackSenderTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(4, 80)]
    [InlineData(9, 2560)]
    [InlineData(10, 3600)]
    [InlineData(2000, 3600)]
    public void Each_wait_is_twice_as_long_up_to_an_hour(int failures, double seconds)
    {
        using var sender = new CallbackSender(new CallbackHosts(new Settings()), new Settings());
        Assert.Equal(TimeSpan.FromSeconds(seconds), sender.WaitAfter(failures));
    }

    /// <summary>The example of Standard Webhooks (and of Svix, whose scheme it is).</summary>
    [Fact]
    public void A_message_is_signed_as_Standard_Webhooks_has_it()
    {
        var headers = CallbackSender.Signed(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("{\"test\": 2432232314}"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal("msg_p5jXN8AQM9LWM0D4loKWxJek", headers["webhook-id"]);
        Assert.Equal("1614265330", headers["webhook-timestamp"]);
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", headers["webhook-signature"]);
    }

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true)]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false)]
    [InlineData("whsec_short", false)]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", false)]
    public void A_secret_is_long_enough_and_in_base64(string text, bool isOne) => Assert.Equal(isOne, WebhookSecret.IsOne(text));

    [Theory]
    [InlineData("http://hooks.example.org/x", true)]
    [InlineData("https://HOOKS.example.org/x", true)]
    [InlineData("http://hooks.example.org:8080/x", false)]
    [InlineData("http://10.1.2.3:8080/x", true)]
    [InlineData("http://10.1.2.3/x", false)]
    [InlineData("http://[::1]:9000/x", true)]
    [InlineData("http://evil.example/hooks.example.org", false)]
    [InlineData("http://hooks.example.org.evil.example/", false)]
    [InlineData("http://hooks.example.org@evil.example/", false)]
    [InlineData("http://user@hooks.example.org/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("gopher://hooks.example.org/", false)]
    public void Only_the_hosts_and_ports_that_the_operator_named_are_called(string address, bool allowed)
        => Assert.Equal(allowed, new CallbackHosts(new Settings { Callbacks = new CallbackSettings { Hosts = ["hooks.example.org", "10.1.2.3:8080", "[::1]:9000"] } }).Allows(new Uri(address)));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.example.org")]
    [InlineData("https://hooks.example.org")]
    [InlineData("hooks.example.org/path")]
    [InlineData("user@hooks.example.org")]
    [InlineData("hooks.example.org/")]
    public void A_setting_that_names_no_host_is_refused_at_the_start(string host)
        => Assert.Contains($"\"{host}\"", Assert.Throws<InvalidOperationException>(() => new CallbackHosts(new Settings { Callbacks = new CallbackSettings { Hosts = [host] } })).Message);
}
