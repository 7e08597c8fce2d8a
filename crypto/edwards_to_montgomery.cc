#include "crypto/edwards_to_montgomery.h"

#include <openssl/bn.h>

#include <memory>
#include <vector>

#include "base/check.h"

namespace shield {
namespace {

constexpr int kCoordinateSize = 32;

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  void operator()(BN_MONT_CTX* context) const { BN_MONT_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;

Number NewNumber() {
  Number number(BN_new());
  SHIELD_CHECK(number != nullptr);
  return number;
}

// Arithmetic modulo p = 2^255 - 19 on numbers in Montgomery form. Fails only for want of memory.
class Field {
 public:
  Field() : scratch_(BN_CTX_new()), montgomery_(BN_MONT_CTX_new()), prime_(NewNumber()) {
    BIGNUM* prime = prime_.get();
    SHIELD_CHECK(scratch_ != nullptr && montgomery_ != nullptr);
    SHIELD_CHECK(BN_set_bit(prime, 255) == 1 && BN_sub_word(prime, 19) == 1);
    SHIELD_CHECK(BN_MONT_CTX_set(montgomery_.get(), prime, scratch_.get()) == 1);
    one_ = NewNumber();
    SHIELD_CHECK(BN_one(one_.get()) == 1);
    SHIELD_CHECK(BN_to_montgomery(one_.get(), one_.get(), montgomery_.get(), scratch_.get()) == 1);
  }

  const BIGNUM* one() const { return one_.get(); }

  Number FromBytes(const EdwardsPoint& little_endian) {
    Number number(BN_lebin2bn(little_endian.data(), kCoordinateSize, nullptr));
    SHIELD_CHECK(number != nullptr);
    SHIELD_CHECK(BN_to_montgomery(number.get(), number.get(), montgomery_.get(), scratch_.get()) ==
                 1);
    return number;
  }
  std::array<uint8_t, 32> ToBytes(const BIGNUM* number) {
    const Number plain = NewNumber();
    std::array<uint8_t, 32> bytes;
    SHIELD_CHECK(BN_from_montgomery(plain.get(), number, montgomery_.get(), scratch_.get()) == 1);
    SHIELD_CHECK(BN_bn2lebinpad(plain.get(), bytes.data(), kCoordinateSize) == kCoordinateSize);
    return bytes;
  }
  Number Add(const BIGNUM* a, const BIGNUM* b) {
    Number sum = NewNumber();
    SHIELD_CHECK(BN_mod_add_quick(sum.get(), a, b, prime_.get()) == 1);
    return sum;
  }
  Number Subtract(const BIGNUM* a, const BIGNUM* b) {
    Number difference = NewNumber();
    SHIELD_CHECK(BN_mod_sub_quick(difference.get(), a, b, prime_.get()) == 1);
    return difference;
  }
  Number Multiply(const BIGNUM* a, const BIGNUM* b) {
    Number product = NewNumber();
    SHIELD_CHECK(BN_mod_mul_montgomery(product.get(), a, b, montgomery_.get(), scratch_.get()) ==
                 1);
    return product;
  }
  Number Invert(const BIGNUM* number) {
    Number inverse = NewNumber();
    BIGNUM* out = inverse.get();
    SHIELD_CHECK(BN_from_montgomery(out, number, montgomery_.get(), scratch_.get()) == 1);
    SHIELD_CHECK(BN_mod_inverse(out, out, prime_.get(), scratch_.get()) != nullptr);
    SHIELD_CHECK(BN_to_montgomery(out, out, montgomery_.get(), scratch_.get()) == 1);
    return inverse;
  }

 private:
  std::unique_ptr<BN_CTX, FreeNumber> scratch_;
  std::unique_ptr<BN_MONT_CTX, FreeNumber> montgomery_;
  Number prime_;
  Number one_;
};

}  // namespace

void EdwardsToMontgomery(std::span<const EdwardsPoint> points, std::span<X25519PublicKey> keys) {
  SHIELD_CHECK(points.size() == keys.size());
  if (points.empty()) return;
  Field field;
  std::vector<Number> ys;
  std::vector<Number> divisors;
  std::vector<Number> products;  // products[i] = divisors[0] * … * divisors[i]
  for (EdwardsPoint point : points) {
    point.back() &= 0x7f;
    ys.push_back(field.FromBytes(point));
    divisors.push_back(field.Subtract(field.one(), ys.back().get()));
    products.push_back(products.empty()
                           ? field.Multiply(field.one(), divisors.back().get())
                           : field.Multiply(products.back().get(), divisors.back().get()));
  }
  Number inverse = field.Invert(products.back().get());  // of products[i], going down
  for (size_t i = points.size(); i-- > 0;) {
    const Number one_inverse = i == 0 ? field.Multiply(inverse.get(), field.one())
                                      : field.Multiply(inverse.get(), products[i - 1].get());
    const Number dividend = field.Add(field.one(), ys[i].get());
    keys[i].bytes = field.ToBytes(field.Multiply(dividend.get(), one_inverse.get()).get());
    inverse = field.Multiply(inverse.get(), divisors[i].get());
  }
}

}  // namespace shield
