using Pbx.Sip.Messages;
using Pbx.Sip.Tests.Engine;
using Pbx.Testing.CallFlow;
using Pbx.Testing.Fuzz;

namespace Pbx.Sip.Tests.Fuzz;

/// <summary>
/// Phones that are signed in and send what no phone would: every message of their calls changed by chance, before, between and after the
/// true ones. The engine never throws, a true call still works, and when all have hung up nothing is left. For long runs see
/// <see cref="FuzzSettings"/>.
/// </summary>
public sealed class EngineFuzzTests(ITestOutputHelper output)
{
    private const int PerCompany = 500;

    private static int Companies => Math.Max(1, FuzzSettings.Inputs(20_000) / PerCompany);

    [Fact]
    public void Engine_ToldNonsenseBySignedInPhones_GoesOn_AndKeepsNothing()
    {
        var first = FuzzSettings.Seed;
        var taken = 0;
        foreach (var seed in Enumerable.Range(first, Companies))
        {
            try
            {
                taken += new HostileCompany(seed).Play();
            }
            catch (Exception exception)
            {
                Assert.Fail($"PBX_SEED={seed} PBX_FUZZ=1: {exception}");
            }
        }
        output.WriteLine($"{Companies * PerCompany} messages from seed {first}, {taken} of them seen by the engine");
        Assert.True(taken > Companies * PerCompany / 10, "hardly any is a message: the engine was not tried");
    }

    private sealed class HostileCompany(int seed)
    {
        private static readonly string[] Dialled = ["100", "101", "300", "400", "500", "600", "700", "999", "*43", "0612345678"];

        private readonly Random random = new(seed);
        private readonly List<byte[]> corpus = [];

        public int Play()
        {
            using var bench = new EngineBench(RandomCompany.Create(seed), trunk: RandomCompany.Trunk, start: new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
            var extensions = bench.Configuration.Current.Extensions.Keys.Order(StringComparer.Ordinal).Take(3).ToList();
            var phones = extensions.Select(bench.Phone).ToList();
            List<(TestPhone Phone, TestCall Call)> calls = [];
            var taken = 0;
            for (var i = 0; i < PerCompany; i++)
            {
                var phone = phones[random.Next(phones.Count)];
                if (i % 25 == 0 && calls.Count < 8) calls.Add((phone, Began(phone)));
                if (i % 10 == 0) Answer(phone);
                if (bench.DeliverRaw(new Mutator(random, corpus, mostChanges: 2).Next(), phone)) taken++;
                if (random.Next(3) > 0) bench.Run();
                if (random.Next(20) == 0) bench.Pass(random.Next(1, 3000) / 1000.0);
            }
            End(bench, phones, calls);
            return taken;
        }

        private TestCall Began(TestPhone phone)
        {
            var call = phone.Invite(Dialled[random.Next(Dialled.Length)]);
            corpus.Add(call.Invite.Bytes.ToArray());
            corpus.Add(SipRequestBuilder.CancelOf(call.Invite).Build().Bytes.ToArray());
            return call;
        }

        // What it sends inside the calls that it is given, to be changed later.
        private void Answer(TestPhone phone)
        {
            foreach (var response in phone.Responses.Where(r => r.Status == 200 && r.CSeq.Method == SipMethods.Invite).Take(3))
                foreach (var method in (string[])[SipMethods.Ack, SipMethods.Bye, SipMethods.Invite, SipMethods.Info, SipMethods.Update, SipMethods.Prack, SipMethods.Refer])
                    corpus.Add(Inside(phone, response, method));
            foreach (var request in phone.Requests.Take(3))
                foreach (var status in (int[])[100, 180, 183, 200, 302, 401, 486, 699])
                    corpus.Add(SipResponseBuilder.For(request, status, $"to{phone.Number}").Contact(phone.Uri).Body("application/sdp", phone.Sdp()).Build().Bytes.ToArray());
        }

        private static byte[] Inside(TestPhone phone, SipResponse answer, string method) => SipRequestBuilder
            .Create(method, answer.ContactUri ?? phone.Uri, answer.From, answer.To, answer.CallId, 2).Contact(phone.Uri)
            .Body("application/sdp", phone.Sdp()).PushVia(answer.Via).Build().Bytes.ToArray();

        private static void End(EngineBench bench, List<TestPhone> phones, List<(TestPhone Phone, TestCall Call)> calls)
        {
            foreach (var (phone, call) in calls) phone.HangUp(call);
            bench.Engine.EndAll();
            for (var round = 0; round < 40; round++)
            {
                foreach (var phone in phones) phone.Settle();
                bench.Pass(2);
            }
            bench.AssertIdle(bench.Journal.Finished.Count);
        }
    }
}
